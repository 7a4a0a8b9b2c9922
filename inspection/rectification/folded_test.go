package rectification_test

import (
	"testing"
	"unicode/utf8"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
)

// TestFolded: the database folds every character as Go does, letter case apart, which
// its locale decides.
func TestFolded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	var all []string
	for r := rune(1); r <= utf8.MaxRune; r++ {
		if utf8.ValidRune(r) && (r < 0x3400 || r > 0x4dbf && r < 0x4e00 || r > 0x9fff && r < 0xac00 || r > 0xd7a3 && r < 0xe000 || r > 0xf8ff && r < 0x1ffff || r > 0x2f7ff && r < 0x2fa20 || r >= 0xe0000 && r < 0xe01f0) {
			all = append(all, string(r))
		}
	}
	rows, err := h.Pool.Query(t.Context(), `select c, folded(c), lower(normalize(c, NFKC)) from unnest($1::text[]) c`, all)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	different := 0
	for rows.Next() {
		var c, folded, plain string
		if err := rows.Scan(&c, &folded, &plain); err != nil {
			t.Fatal(err)
		}
		ours := inspection.Folded(c)
		if ours != folded && (ours == "" || folded == "") {
			if different++; different < 20 {
				t.Errorf("%+q: the database says %+q, Go %+q", c, folded, ours)
			}
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"张\u200b三", "葛\U000e0100城", "⽔务局", "ＱＹ－０１", "\uf900更", "ﬁ①Ⅳ", "买买提·吐尔逊", "𬎆"} {
		var folded string
		if err := h.Pool.QueryRow(t.Context(), `select folded($1)`, s).Scan(&folded); err != nil || folded != inspection.Folded(s) {
			t.Errorf("%+q: the database says %+q (%v), Go %+q", s, folded, err, inspection.Folded(s))
		}
	}
}

// TestFindFolded: what is written in another of its forms is found in either, and the
// record keeps its own (BI-161, BI-164, BI-165, BI-167, BI-179).
func TestFindFolded(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	long := string(make([]rune, 0))
	for range 5000 {
		long += "甲"
	}
	texts := []string{"张\u200b三分管的工程", "葛\U000e0100城镇台账", "⽔务专项资金", "ＡＢＣ项目公司", "买买提·吐尔逊反映", "𬎆字号采购", long}
	for i, text := range texts {
		h.put(t, h.office, h.round, row{unit: h.unit, seq: i + 1, state: rectification.Working, due: "2026-12-01", text: text})
	}
	for q, want := range map[string]int{
		"张三": 0, "张\u200b三": 0, "葛城": 1, "葛\U000e0101城": 1, "水务专项": 2, "⽔务专": 2, "abc": 3, "ＡＢＣ": 3, "买买提·吐": 4, "𬎆": 5, "甲甲甲": 6,
	} {
		found, err := h.cases.List(t.Context(), h.off, rectification.Filter{Q: q})
		if err != nil {
			t.Fatalf("%+q: %v", q, err)
		}
		if len(found.Items) != 1 || found.Items[0].Text != texts[want] {
			t.Errorf("%+q finds %d, want the one that says %.20q", q, len(found.Items), texts[want])
		}
	}
	// Characters that only look alike are not the same, and traditional forms are others.
	for _, q := range []string{"葛戌", "買買提"} {
		if found, err := h.cases.List(t.Context(), h.off, rectification.Filter{Q: q}); err != nil || len(found.Items) != 0 {
			t.Errorf("%q finds %d, %v", q, len(found.Items), err)
		}
	}
}
