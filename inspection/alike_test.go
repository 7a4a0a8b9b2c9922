package inspection_test

import (
	"slices"
	"testing"

	"xuncha/inspection"
)

// TestLetters: what stands between the letters of a name, and how wide they are,
// does not hide it; each letter knows where it stood.
func TestLetters(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"青榆县A1", "青 榆　县·Ａ-１", "青\u200b榆\u2060县ａ１", "「青」榆\n县*A1"} {
		var got []rune
		for _, l := range inspection.Letters(text) {
			got = append(got, l.Rune)
			if l.End > len(text) || text[l.Start:l.End] == "" {
				t.Errorf("%q has a letter at %d..%d", text, l.Start, l.End)
			}
		}
		if string(got) != "青榆县a1" {
			t.Errorf("%q reads %q", text, string(got))
		}
	}
}

func TestAlike(t *testing.T) {
	t.Parallel()
	texts := []string{
		"村级集体资金管理不规范，抽查8个村，2个村存在坐收坐支，涉及0.08万元。",
		"村级集体资金管理不规范，抽查31个村，5个村存在坐收坐支，涉及64.11万元。",
		"党费收缴管理不规范，2025年有9名党员未按标准交纳。",
	}
	near := inspection.PairsOf(texts[0])
	if got := near.Alike(inspection.PairsOf(texts[1])); got < 50 || got >= 100 {
		t.Errorf("near texts share %d of 100", got)
	}
	if got := near.Alike(inspection.PairsOf(texts[2])); got >= 30 {
		t.Errorf("others share %d of 100", got)
	}
	if got := near.Alike(near); got != 100 {
		t.Errorf("a text shares %d of 100 with itself", got)
	}
	share := func(a, b string) bool {
		bands := inspection.PairsOf(a).Bands(2)
		return slices.ContainsFunc(inspection.PairsOf(b).Bands(2), func(x int64) bool { return slices.Contains(bands, x) })
	}
	if !share(texts[0], texts[1]) {
		t.Error("near texts have no band in common")
	}
	if n := len(near.Bands(4)); n != 8 {
		t.Errorf("%d bands of 4", n)
	}
}
