package rectification_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// TestBoard: one row per running chain, where it stands and what comes next.
func TestBoard(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-22")
	l.item("2026-10-15") // 001: overdue
	soon := l.item("2026-10-29")
	l.item("2027-03-31") // nothing climbed yet
	held, reviewed, closed := l.item("2026-10-16"), l.item("2026-10-14"), l.item("2026-10-13")
	l.scan()
	director, unit := l.As(l.office, tenants.DIR), l.As(l.office, tenants.UNIT, l.unit)
	l.Root(`update rectifications set hold_reason = '等上级答复' where finding_id = $1`, held)
	l.Root(`update rectifications set state = 'submitted' where finding_id = $1`, reviewed)
	l.Root(`update rectifications set state = 'closed' where finding_id = $1`, closed)
	c, err := l.letters.Chain(t.Context(), director, soon)
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range c.Sent {
		if m.State == rectification.ReminderWaiting {
			if _, err := l.letters.Sign(t.Context(), director, []rectification.ToSign{{ID: m.ID}}, ""); err != nil {
				t.Fatal(err)
			}
			if _, err := l.letters.Acknowledge(t.Context(), unit, m.ID, false); err != nil {
				t.Fatal(err)
			}
		}
	}
	board := func(f rectification.BoardFilter) (got []string) {
		t.Helper()
		all, err := l.letters.Board(t.Context(), director, f)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range all {
			next := "-"
			if c.NextOn != nil {
				next = c.Next + " " + c.NextOn.String()
			}
			got = append(got, fmt.Sprintf("%s %+d %s %s %s | %s | %s", c.Item, c.Overdue, c.Rung, c.StepState, c.Receipt, next, c.Pause))
		}
		return got
	}
	want := []string{
		"KA-05-01-005 +8 T+7 waiting none | - | 已提交，待审核",
		"KA-05-01-001 +7 T+7 waiting none | T+15 2026-10-30 | ",
		"KA-05-01-004 +6 T+1 sent open | - | 已暂停：等上级答复",
		"KA-05-01-002 -7 T-7 sent read | T 2026-10-29 | ",
	}
	if diff := cmp.Diff(want, board(rectification.BoardFilter{})); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	for name, tt := range map[string]struct {
		f    rectification.BoardFilter
		want []string
	}{
		"by step":         {rectification.BoardFilter{Rungs: []string{"T-7"}}, want[3:]},
		"by receipt":      {rectification.BoardFilter{Receipts: []rectification.ReceiptState{rectification.ReceiptOpen}}, want[2:3]},
		"by unit":         {rectification.BoardFilter{Unit: l.Unit(l.office, "县教育局")}, nil},
		"the other way":   {rectification.BoardFilter{Sort: "overdue"}, []string{want[3], want[2], want[1], want[0]}},
		"by what is next": {rectification.BoardFilter{Sort: "next_on"}, []string{want[3], want[1], want[2], want[0]}},
	} {
		if diff := cmp.Diff(tt.want, board(tt.f)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
	// A sibling's board has its own chains alone.
	if all, err := l.letters.Board(t.Context(), l.As(l.County[0][1], tenants.DIR), rectification.BoardFilter{}); err != nil || len(all) != 0 {
		t.Errorf("a sibling sees %d chains, %v", len(all), err)
	}
}

// TestReceiver: where the one who may sign for a letter has left, the office names
// another.
func TestReceiver(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-30")
	l.item("2026-10-15")
	director, head := l.As(l.office, tenants.DIR), l.As(l.office, tenants.HEAD, l.unit)
	liaison := l.As(l.office, tenants.UNIT, l.unit)
	stranger := l.As(l.office, tenants.UNIT, l.Unit(l.office, "县教育局"))
	l.scan()
	id := l.sign(director, "") // T+15, to the head
	letter, err := l.letters.Letter(t.Context(), director, id)
	if err != nil || letter.Reminder.Gone {
		t.Fatalf("the head is there: %+v, %v", letter.Reminder, err)
	}
	if _, err := l.letters.NameReceiver(t.Context(), director, id, liaison.Member()); inspection.KindOf(err) != inspection.Conflict {
		t.Errorf("another recipient beside the head: %v", err)
	}
	if _, err := l.letters.Acknowledge(t.Context(), liaison, id, true); inspection.KindOf(err) != inspection.Forbidden {
		t.Errorf("the liaison signs for the head's letter: %v", err)
	}
	l.Root(`update members set state = 'ended' where id = $1`, head.Member())
	letter, err = l.letters.Letter(t.Context(), director, id)
	if err != nil || !letter.Reminder.Gone || len(letter.MayName) != 1 || letter.MayName[0].ID != liaison.Member() {
		t.Fatalf("the head has left: %+v, %v", letter, err)
	}
	if _, err := l.letters.NameReceiver(t.Context(), director, id, stranger.Member()); inspection.KindOf(err) != inspection.Invalid {
		t.Errorf("somebody of another unit: %v", err)
	}
	letter, err = l.letters.NameReceiver(t.Context(), director, id, liaison.Member())
	if err != nil || letter.Reminder.Gone || letter.Reminder.Receiver != liaison.Name() {
		t.Fatalf("named: %+v, %v", letter.Reminder, err)
	}
	if got := l.tasks(liaison); got != 1 {
		t.Errorf("the liaison has %d tasks, want the letter", got)
	}
	if _, err := l.letters.Acknowledge(t.Context(), liaison, id, true); err != nil {
		t.Errorf("the liaison signs for it: %v", err)
	}
}

// TestThreeColours: an office that chose the shipped ladder of three colours is
// reminded by it (HANDBOOK §5.3: 20 and 10 days before, and overdue).
func TestThreeColours(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-30")
	id := l.item("2026-11-18")
	other := l.County[0][1]
	l.Root(`insert into policies (tenant_id, version, body) values ($1, 1, '{"ladder_preset": "three-colour"}')`, l.office.ID)
	l.scan() // 绿: 2026-10-29
	if got, want := l.ledger(id), "绿 waiting late"; got != want {
		t.Errorf("20 days before: %q, want %q", got, want)
	}
	l.watch.set("2026-11-09") // 黄: 2026-11-08 is a Sunday
	l.scan()
	l.watch.set("2026-11-19")
	l.scan()
	if got, want := l.ledger(id), "绿 waiting late, 黄 waiting, 红 waiting"; got != want {
		t.Errorf("overdue: %q, want %q", got, want)
	}
	director := l.As(l.office, tenants.DIR)
	letter, err := l.letters.Letter(t.Context(), director, l.sign(director, ""))
	if err != nil || letter.Text.Number != "某巡办督〔2026〕1号" || letter.Reminder.Title != "红色督办函" {
		t.Errorf("the red letter: %+v, %v", letter.Text, err)
	}
	// Its sibling climbs the standard ladder still.
	l.Do(l.DB, l.As(other, tenants.DIR), func(tx *tenants.Tx) error {
		p, err := tenants.PolicyOf(t.Context(), tx)
		if len(p.Ladder) != 7 || p.Ladder[0].Rung != "T-15" {
			t.Errorf("the sibling's ladder: %+v", p.Ladder)
		}
		return err
	})
}
