package rectification

import (
	"slices"

	"xuncha/inspection"
	"xuncha/tenants"
)

// A step is one rung of the ladder on its day.
type step struct {
	tenants.Rung
	on          inspection.Day
	provisional bool // the calendar of that year is not published
}

// climb puts the ladder on days. A day that is not a working day moves to the
// next one; in a year without a published calendar it stays where it is, because
// nobody knows, and is marked.
func climb(ladder []tenants.Rung, due inspection.Day, cal *inspection.Calendar) []step {
	steps := make([]step, 0, len(ladder))
	for _, r := range ladder {
		s := step{Rung: r, on: due + inspection.Day(r.Offset)}
		moved, provisional := cal.OnOrAfter(s.on)
		if s.provisional = provisional; !provisional {
			s.on = moved
		}
		steps = append(steps, s)
	}
	slices.SortStableFunc(steps, func(a, b step) int { return int(a.on - b.on) })
	return steps
}

// reached is the last day whose rungs have come by today. On a free day that is the
// working day before: what was planned for a free day moves to the next one that is
// none. It turns the question which rungs have come into one of plain days, which a
// database can ask of an index.
func reached(today inspection.Day, cal *inspection.Calendar) inspection.Day {
	for d := today; ; d-- {
		if on, provisional := cal.OnOrAfter(d); provisional || on == d {
			return d
		}
	}
}

// A span is a time during which the ladder stood still, from its first day up to
// the day on which it went on.
type span struct{ from, to inspection.Day }

// An open item as the ladder sees it.
type climbing struct {
	due    inspection.Day
	since  inspection.Day // when the item got this deadline
	paused []span         // handed in, or held
	made   []string       // rungs that are in the ledger
	ladder []tenants.Rung
}

// A climbedRung is what becomes of one rung whose day has come.
type climbedRung struct {
	step
	state ReminderState
	late  bool
	note  string
}

const (
	noteResumed = "原定日期在待审核或暂停期间，恢复后发出"
	noteBefore  = "设定期限时原定日期已过，补一次提示"
	skipPaused  = "原定日期在待审核或暂停期间，不再发出"
	skipBefore  = "设定期限时原定日期已过，不再发出"
	skipOlder   = "其后的催办已发出，不再补发"
)

// decide says what becomes of every rung whose day has come and which is not in
// the ledger. After an outage each is sent, marked as late. Of those whose day
// passed while the item was with the reviewers or held, the last one is sent:
// the ladder resumes where it stands, without a flood. Of those whose day had
// passed before the item had this deadline, the last message is sent, and no
// letter: nobody is admonished for what nobody asked for.
func decide(c climbing, today inspection.Day, cal *inspection.Calendar) []climbedRung {
	var all []climbedRung
	var before, paused []int // indexes into all
	for _, s := range passed(c, today, cal) {
		d := climbedRung{step: s, state: ReminderSent, late: s.on < today}
		if s.Signer != "" {
			d.state = ReminderWaiting
		}
		switch {
		case s.older(c, cal):
			d.state, d.note, d.late = ReminderSkipped, skipOlder, false
		case s.on < c.since:
			before = append(before, len(all))
		case slices.ContainsFunc(c.paused, func(p span) bool { return p.from <= s.on && s.on < p.to }):
			paused = append(paused, len(all))
		}
		all = append(all, d)
	}
	keepLast(all, before, noteBefore, skipBefore, func(d climbedRung) bool { return d.Signer == "" })
	keepLast(all, paused, noteResumed, skipPaused, func(climbedRung) bool { return true })
	return all
}

// passed returns the rungs whose day has come and which are not in the ledger.
func passed(c climbing, today inspection.Day, cal *inspection.Calendar) []step {
	return slices.DeleteFunc(climb(c.ladder, c.due, cal), func(s step) bool {
		return s.on > today || slices.Contains(c.made, s.Rung.Rung)
	})
}

// older reports whether a later rung is in the ledger: then the office has added
// this one to its ladder since.
func (s step) older(c climbing, cal *inspection.Calendar) bool {
	return slices.ContainsFunc(climb(c.ladder, c.due, cal), func(o step) bool {
		return o.Offset > s.Offset && slices.Contains(c.made, o.Rung.Rung)
	})
}

// keepLast keeps the last of these decisions for which keep is true and skips
// the others.
func keepLast(all []climbedRung, these []int, kept, skipped string, keep func(climbedRung) bool) {
	last := -1
	for _, i := range these {
		if keep(all[i]) {
			last = i
		}
	}
	for _, i := range these {
		if i == last {
			all[i].note, all[i].late = kept, false
			continue
		}
		all[i].state, all[i].note, all[i].late = ReminderSkipped, skipped, false
	}
}
