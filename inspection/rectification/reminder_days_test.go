package rectification_test

import (
	"context"
	"math/rand/v2"
	"testing"

	"xuncha/inspection"
	"xuncha/tenants"
	"xuncha/tenants/tenantstest"
)

// afresh is what a scan would find that reads every item and forgets what it knows.
func (l *ladders) afresh() int {
	l.t.Helper()
	before := tenantstest.RootValue[int](l.House, `select count(*) from reminders`)
	l.Root(`update rectifications set rung_on = '-infinity'`)
	l.scan()
	return tenantstest.RootValue[int](l.House, `select count(*) from reminders`) - before
}

// TestScanDays lets an office live through random days, deadlines, holds, hand-ins,
// ladders and calendars: at each step the scan that looks only where a day has come
// leaves nothing that a scan of every item would find.
func TestScanDays(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-09-01")
	random := rand.New(rand.NewPCG(88, 2026))
	frozen := tenantstest.RootValue[string](l.House, `
		insert into rounds (tenant_id, id, term, seq, name, starts_on, ends_on, feedback_on, policy)
		values ($1, gen_random_uuid(), 10, 7, '十届县委第七轮巡察', '2026-03-02', '2026-04-24', '2026-06-01', '{"ladder": [{"rung": "T-3", "offset": -3, "title": "提示", "document": "", "to": ["UNIT"], "signer": ""}]}')
		returning id::text`, l.office.ID)
	var ids []inspection.FindingID
	day := tenantstest.Day(t, "2026-09-01")
	for i := range 24 {
		ids = append(ids, l.item((day + inspection.Day(random.IntN(120)-20)).String()))
		if i%3 == 0 {
			l.Root(`update findings set round_id = $1 where id = $2`, frozen, ids[i])
		}
	}
	changes := []func(id inspection.FindingID){
		func(id inspection.FindingID) {
			l.Root(`update rectifications set due_on = due_on + $2::int, due_version = due_version + 1 where finding_id = $1`, id, random.IntN(40)-10)
		},
		func(id inspection.FindingID) {
			l.Root(`update rectifications set hold_reason = '省级答复' where finding_id = $1`, id)
		},
		func(id inspection.FindingID) {
			l.Root(`update rectifications set hold_reason = '' where finding_id = $1`, id)
		},
		func(id inspection.FindingID) {
			l.Root(`update rectifications set state = 'submitted' where finding_id = $1`, id)
		},
		func(id inspection.FindingID) {
			l.Root(`update rectifications set state = 'returned' where finding_id = $1`, id)
		},
		func(inspection.FindingID) { l.ladderOf(random.IntN(20)) },
		func(inspection.FindingID) {
			l.Root(`update rounds set policy = jsonb_set(policy, '{ladder,0,offset}', to_jsonb($2::int)) where id = $1`, frozen, -random.IntN(20))
		},
		func(inspection.FindingID) {
			l.reminders.Calendar = []*inspection.Calendar{inspection.PublishedCalendar(), {}}[random.IntN(2)]
		},
	}
	for range 60 {
		day += inspection.Day(random.IntN(4))
		l.watch.set(day.String())
		for range random.IntN(4) {
			changes[random.IntN(len(changes))](ids[random.IntN(len(ids))])
		}
		l.scan()
		if n := l.afresh(); n != 0 {
			t.Fatalf("on %s a scan of every item finds %d more", day, n)
		}
	}
	if n := tenantstest.RootValue[int](l.House, `select count(*) from reminders`); n < 50 {
		t.Errorf("%d reminders in all: the test shows little", n)
	}
}

// ladderOf gives the office a ladder of its own with a rung so many days before.
func (l *ladders) ladderOf(days int) {
	l.Root(`insert into policies (tenant_id, version, body, reason, made_at)
		select $1, coalesce(max(version), 0) + 1, jsonb_build_object('ladder', jsonb_build_array(
			jsonb_build_object('rung', 'T-' || $2::int, 'offset', -$2::int, 'title', '提示', 'document', '', 'to', array['UNIT'], 'signer', ''),
			jsonb_build_object('rung', 'T+1', 'offset', 1, 'title', '提示', 'document', '', 'to', array['UNIT'], 'signer', ''))), '试', now()
		from policies where tenant_id = $1`, l.office.ID, days)
}

// TestLadderChanges: a rung that the office adds today for today is climbed today,
// though the scan had put the item on a later day; what is not due is not looked at.
func TestLadderChanges(t *testing.T) {
	t.Parallel()
	l := newLadders(t, "2026-10-12")
	id := l.item("2026-10-15")
	l.scan()
	on := func() string {
		return tenantstest.RootValue[string](l.House, `select rung_on::text from rectifications where finding_id = $1`, id)
	}
	if got := on(); got != "2026-10-15" {
		t.Fatalf("the next look is on %s, want on the day of the next rung", got)
	}
	had := l.ledger(id)
	l.ladderOf(3)
	l.scan()
	if got := l.ledger(id); got == had {
		t.Errorf("the ledger still holds %q", got)
	}
	if got := on(); got != "2026-10-16" {
		t.Errorf("the next look is on %s, want on the last rung's day", got)
	}
	l.watch.set("2026-10-16")
	l.scan()
	if left := tenantstest.RootValue[bool](l.House, `select rung_on is null from rectifications where finding_id = $1`, id); !left {
		t.Error("an item whose ladder was climbed is looked at again")
	}
	step := *l.reminders
	if more, err := step.Step(context.Background(), tenants.ForJob(l.office, "remind")); more || err != nil {
		t.Errorf("a scan with nothing to do says %t, %v", more, err)
	}
}
