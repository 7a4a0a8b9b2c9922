package demo

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// chased is the finding whose whole ladder the story tells.
const chased = "SD-05-01-009"

// unsigned is how many letters each office has left for this morning.
const unsigned = 5

// reminderTeller tells how the ladder of every open item was climbed.
type reminderTeller struct {
	ctx    context.Context
	people map[string]tenants.Scope
	at     func(time.Time) *tenants.DB
}

// RemindersThread tells the reminders of every open item from the first rung to
// the demo's clock: what went out by itself, what the offices signed, and how the
// one overdue chain of the story was received (UX §5.6).
func RemindersThread(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
	t := reminderTeller{ctx, people, at}
	for _, o := range Offices() {
		director, ok := t.director(o.Slug)
		if o.Ledger == nil || !ok {
			continue
		}
		if err := t.office(director); err != nil {
			return fmt.Errorf("reminders of %s: %w", o.Name, err)
		}
	}
	return t.read("T+1", "2026-10-16 10:05")
}

// read has the story's own message of a rung read by the head of its unit.
func (t reminderTeller) read(rung, when string) error {
	at, head := moment(when), t.people["fengli"]
	s := t.room(at)
	c, err := s.Chain(t.ctx, head, inspection.FindingID{UUID: id("finding", chased)})
	if err != nil {
		return err
	}
	for _, m := range c.Sent {
		if m.Rung == rung {
			_, err = s.Acknowledge(t.ctx, head, m.ID, false)
		}
	}
	return err
}

// director is who signs for an office; the cast has one in each.
func (t reminderTeller) director(slug string) (tenants.Scope, bool) {
	for _, login := range slices.Sorted(maps.Keys(t.people)) {
		if s := t.people[login]; s.Office().Slug == slug && (s.Role() == tenants.DIR || s.Role().Above()) {
			return s, true
		}
	}
	return tenants.Scope{}, false
}

func (t reminderTeller) room(at time.Time) *rectification.Reminders {
	return &rectification.Reminders{DB: t.at(at), Clock: func() time.Time { return at }, Calendar: Calendar()}
}

// office scans on every day on which a rung came, and signs what was waiting.
func (t reminderTeller) office(director tenants.Scope) error {
	days, err := t.days(director)
	if err != nil {
		return err
	}
	for _, d := range days {
		at := d.Start().Add(8*time.Hour + 30*time.Minute)
		if err := t.room(at).Scan(t.ctx, tenants.ForJob(director.Office(), "remind")); err != nil {
			return err
		}
		if err := t.sign(director, at.Add(time.Hour)); err != nil {
			return err
		}
	}
	return nil
}

// days lists the days on which some rung of some open item came.
func (t reminderTeller) days(director tenants.Scope) ([]inspection.Day, error) {
	found := map[inspection.Day]bool{}
	err := t.at(Clock).In(t.ctx, director, func(tx *tenants.Tx) error {
		policy, err := tenants.PolicyOf(t.ctx, tx)
		if err != nil {
			return err
		}
		rows, _ := tx.Query(t.ctx, `select distinct r.due_on from rectifications r where `+tenants.Own("r")+` and r.state = any(@states) and r.due_on is not null`,
			pgx.StrictNamedArgs{"states": rectification.Running()})
		dues, err := pgx.CollectRows(rows, pgx.RowTo[inspection.Day])
		for _, due := range dues {
			for _, r := range policy.Ladder {
				if d, _ := Calendar().OnOrAfter(due + inspection.Day(r.Offset)); d <= inspection.DayOf(Clock) {
					found[d] = true
				}
			}
		}
		return err
	})
	return slices.Sorted(maps.Keys(found)), err
}

// sign signs the letters of a morning, those of the story first: their numbers
// follow the letters that went out on paper before. The last ones are left for
// the demo's own morning.
func (t reminderTeller) sign(director tenants.Scope, at time.Time) error {
	s := t.room(at)
	letters, err := s.Waiting(t.ctx, director)
	if err != nil {
		return err
	}
	letters = slices.DeleteFunc(letters, func(m rectification.Reminder) bool { return !slices.Contains(m.Allowed, rectification.SignReminder) })
	slices.SortStableFunc(letters, func(a, b rectification.Reminder) int {
		return map[bool]int{true: -1}[a.Item == chased] - map[bool]int{true: -1}[b.Item == chased]
	})
	if today := inspection.DayOf(at) == inspection.DayOf(Clock); today {
		letters = letters[:max(0, len(letters)-unsigned)]
	}
	for _, m := range letters {
		if err := t.letter(s, director, at, m); err != nil {
			return fmt.Errorf("%s of %s: %w", m.Rung, m.Item, err)
		}
	}
	return nil
}

// letter signs one letter, and has the story's own signed for.
func (t reminderTeller) letter(s *rectification.Reminders, director tenants.Scope, at time.Time, m rectification.Reminder) error {
	if m.Item == chased {
		if err := t.onPaper(director, at, m.Document); err != nil {
			return err
		}
	} else if director.Office().Slug == "songdu" && m.Document == "诫" && inspection.DayOf(at) < day("2026-10-30") {
		_, err := s.Drop(t.ctx, director, m.ID, "已当面约谈，不再另行发文")
		return err
	}
	signed, err := s.Sign(t.ctx, director, []rectification.ToSign{{ID: m.ID, Wording: m.Wording}}, "")
	if err != nil {
		return err
	}
	if signed[0].Reason != "" {
		return errors.New(signed[0].Reason)
	}
	if err := t.talk(director, at, m); err != nil || m.Item != chased {
		return err
	}
	when := moment(received[m.Rung])
	if when.Before(at) {
		return errors.New("signed for before it went out")
	}
	_, err = t.room(when).Acknowledge(t.ctx, t.people["fengli"], m.ID, true)
	return err
}

// talk enters the talk that a letter asks for: on the day of the letter, that of the
// story on the day that it tells.
func (t reminderTeller) talk(director tenants.Scope, at time.Time, m rectification.Reminder) error {
	if !m.Talk {
		return nil
	}
	said := rectification.Talking{
		Talker: director.Name(), TalkedTo: m.UnitName + "主要负责人", Summary: "就未按期完成整改的原因和下步措施进行约谈。",
		Result: "表示立即部署，限期完成整改。",
	}
	if m.Item == chased {
		at = moment("2026-11-03 15:00")
		said.TalkedTo = t.people["fengli"].Name()
		said.Summary = "问及管护资金未拨付的原因：三个乡镇的管护主体尚未明确，拨付手续没有办完。"
		said.Result = "承诺逐乡镇明确管护主体，尽快拨付并提交拨付凭证。"
	}
	said.HeldOn = inspection.DayOf(at)
	_, err := t.room(at).Talk(t.ctx, director, m.ID, said)
	return err
}

// paper is the last number of the letters before the story's own.
var paper = map[string]int{"提": 30, "督": 11, "诫": 2}

// onPaper takes the numbers of the letters that went out on paper before.
func (t reminderTeller) onPaper(director tenants.Scope, at time.Time, document string) error {
	return t.at(at).In(t.ctx, director, func(tx *tenants.Tx) error {
		series := fmt.Sprintf("松巡办%s〔2026〕", document)
		for {
			n, err := tenants.NextNumber(t.ctx, tx, series)
			if err != nil || n == paper[document] {
				return err
			}
			if n > paper[document] {
				return errors.New("more letters of series " + series + " went out than the story has")
			}
		}
	})
}

// received is when the unit signed for each letter.
var received = map[string]string{"T-7": "2026-10-08 16:20", "T+7": "2026-10-23 09:10", "T+15": "2026-10-30 15:30"}
