package rectification_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// sign signs the one letter that waits.
func (l *ladders) sign(who tenants.Scope, words string) inspection.ReminderID {
	l.t.Helper()
	waiting, err := l.letters.Waiting(context.Background(), who)
	if err != nil || len(waiting) != 1 {
		l.t.Fatalf("%d letters wait, %v", len(waiting), err)
	}
	signed, err := l.letters.Sign(context.Background(), who, []rectification.ToSign{{ID: waiting[0].ID, Wording: waiting[0].Wording}}, words)
	if err != nil || signed[0].Reason != "" {
		l.t.Fatalf("signed %+v, %v", signed, err)
	}
	return waiting[0].ID
}

// TestLetterText: a letter is filled in from the records, worded by its signer, and
// as it was signed from then on.
func TestLetterText(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-08")
	id := l.item("2026-10-15")
	office, unit := l.As(l.office, tenants.OFF), l.As(l.office, tenants.UNIT, l.unit)
	l.scan()
	waiting, err := l.letters.Waiting(t.Context(), office)
	if err != nil || len(waiting) != 1 {
		t.Fatalf("%d letters wait, %v", len(waiting), err)
	}
	letter, err := l.letters.Letter(t.Context(), office, waiting[0].ID)
	if err != nil {
		t.Fatal(err)
	}
	full := l.office.Office
	want := rectification.LetterText{
		Head: full, Title: "关于KA-05-01-001号问题整改期限的提醒书", To: "县农业农村局", Item: "KA-05-01-001",
		Body: []string{"巡察反馈你单位的第KA-05-01-001号问题“某问题”，整改期限为2026年10月15日，距到期还有7天，目前尚未提交销号。"},
		Ask:  "请对照整改方案逐项核实进展，抓紧落实尚未完成的措施，在整改期限前提交销号材料。确有困难的，请在期限前书面说明理由。",
		// 10月10日 is worked for the holidays.
		Reply: "请于2026年10月12日前将落实情况书面回复我办。", AnswerOn: new(tenantstest.Day(t, "2026-10-12")), DueOn: tenantstest.Day(t, "2026-10-15"),
		Office: full, DatedOn: tenantstest.Day(t, "2026-10-08"),
	}
	if diff := cmp.Diff(want, letter.Text); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if letter.Frozen || !letter.MayEdit || letter.Version != 0 {
		t.Errorf("a letter that waits: %+v", letter)
	}

	if _, err := l.letters.Word(t.Context(), office, waiting[0].ID, 7, "请立即整改。"); inspection.KindOf(err) != inspection.Stale {
		t.Errorf("a stale wording: %v", err)
	}
	if _, err := l.letters.Word(t.Context(), unit, waiting[0].ID, 0, "不必整改。"); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the unit words its letter: %v", err)
	}
	if _, err := l.letters.Word(t.Context(), office, waiting[0].ID, 0, strings.Repeat("字", 501)); inspection.KindOf(err) != inspection.Invalid {
		t.Errorf("a long wording: %v", err)
	}
	if letter, err = l.letters.Word(t.Context(), office, waiting[0].ID, 0, "请于本周内提交拨付凭证。"); err != nil || letter.Version != 1 {
		t.Fatalf("worded %+v, %v", letter, err)
	}
	if letter.Text.Title != want.Title || letter.Text.Ask != "请于本周内提交拨付凭证。" {
		t.Errorf("worded: %+v", letter.Text)
	}

	l.watch.set("2026-10-09")
	// Who read it before it was worded does not sign what was put there since.
	refused, err := l.letters.Sign(t.Context(), office, []rectification.ToSign{{ID: waiting[0].ID, Wording: 0}}, "")
	if err != nil || refused[0].Number != "" || !strings.Contains(refused[0].Reason, "要求已有改动") {
		t.Errorf("a letter that was worded since it was read: %+v, %v", refused, err)
	}
	signed := l.sign(office, "")
	// What the records say afterwards is nothing to a letter that went out.
	l.Root(`update findings set text = '另一问题' where id = $1`, id)
	if letter, err = l.letters.Letter(t.Context(), unit, signed); err != nil {
		t.Fatal(err)
	}
	if !letter.Frozen || !letter.Intact || letter.MayEdit || letter.Text.Number != "某巡办提〔2026〕1号" || letter.Text.Ask != "请于本周内提交拨付凭证。" ||
		!strings.Contains(letter.Text.Body[0], "“某问题”") || !strings.Contains(letter.Text.Body[0], "距到期还有6天") {
		t.Errorf("as signed: %+v", letter)
	}
	if _, err := l.letters.Word(t.Context(), office, signed, letter.Version, "改写"); inspection.KindOf(err) != inspection.Conflict {
		t.Errorf("a signed letter is worded: %v", err)
	}
	said := tenantstest.RootValue[string](l.House, `select detail->>'text' from journal where action = 'reminder.sign'`)
	if !strings.Contains(said, letter.Digest) {
		t.Errorf("the journal says %q, want the digest %s", said, letter.Digest)
	}
	l.Root(`update letters set text = jsonb_set(text, '{ask}', '"不必整改。"')`)
	if letter, err = l.letters.Letter(t.Context(), office, signed); err != nil || letter.Intact {
		t.Errorf("a letter that was changed behind our back is intact: %v", err)
	}
}

// TestLetterFrozen: not even the application's own login changes a letter that
// went out; one that waits it does.
func TestLetterFrozen(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-08")
	l.item("2026-10-15")
	office := l.As(l.office, tenants.OFF)
	l.scan()
	waiting, err := l.letters.Waiting(t.Context(), office)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.letters.Word(t.Context(), office, waiting[0].ID, 0, "请立即整改。"); err != nil {
		t.Fatal(err)
	}
	change := func() (n int64) {
		l.Do(l.DB, office, func(tx *tenants.Tx) error {
			tag, err := tx.Exec(t.Context(), `update letters set ask = '不必整改。'`)
			n = tag.RowsAffected()
			return err
		})
		return n
	}
	if n := change(); n != 1 {
		t.Errorf("%d letters that wait can be changed, want 1", n)
	}
	l.sign(office, "")
	if n := change(); n != 0 {
		t.Errorf("%d letters that went out can be changed, want 0", n)
	}
}

// TestLetterIsolation: who reads a letter's text, drafts and all.
func TestLetterIsolation(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-08")
	l.item("2026-10-15")
	office := l.As(l.office, tenants.OFF)
	city := l.As(l.City[0], tenants.CITY)
	below, err := city.Below(l.office)
	if err != nil {
		t.Fatal(err)
	}
	l.scan()
	waiting, err := l.letters.Waiting(t.Context(), office)
	if err != nil {
		t.Fatal(err)
	}
	letter := waiting[0].ID
	if _, err := l.letters.Word(t.Context(), office, letter, 0, "请立即整改。"); err != nil {
		t.Fatal(err)
	}
	readers := map[string]struct {
		scope tenants.Scope
		draft bool
		sent  bool
	}{
		"the office":        {office, true, true},
		"the commission":    {l.As(l.office, tenants.DISC), true, true},
		"its unit":          {l.As(l.office, tenants.UNIT, l.unit), false, true},
		"its head":          {l.As(l.office, tenants.HEAD, l.unit), false, true},
		"another unit":      {l.As(l.office, tenants.UNIT, l.Unit(l.office, "县教育局")), false, false},
		"a sibling":         {l.As(l.County[0][1], tenants.DIR), false, false},
		"the city":          {city, false, false},
		"the city, looking": {below, false, false},
	}
	look := func(when string, want func(draft, sent bool) bool) {
		for who, r := range readers {
			_, err := l.letters.Letter(t.Context(), r.scope, letter)
			if got := err == nil; got != want(r.draft, r.sent) {
				t.Errorf("%s: %s reads it: %t (%v)", when, who, got, err)
			}
			var rows int
			l.Do(l.DB, r.scope, func(tx *tenants.Tx) error {
				return tx.QueryRow(t.Context(), `select count(*) from letters`).Scan(&rows)
			})
			if got := rows == 1; got != want(r.draft, r.sent) {
				t.Errorf("%s: %s has %d rows", when, who, rows)
			}
		}
	}
	// What was worded is the office's own matter until it is signed.
	look("draft", func(draft, _ bool) bool { return draft })
	l.sign(office, "")
	look("sent", func(_, sent bool) bool { return sent })

	// What goes to the leading group is not the unit's to read.
	l.Root(`update reminders set recipients = '{DIR,LG}' where id = $1`, letter)
	l.Root(`update letters set to_unit = false`)
	if _, err := l.letters.Letter(t.Context(), readers["its head"].scope, letter); inspection.KindOf(err) != inspection.NotFound {
		t.Errorf("the head reads what goes to the leading group: %v", err)
	}
}
