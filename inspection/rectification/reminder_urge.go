package rectification

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"xuncha/inspection"
	"xuncha/tenants"
)

// extra begins the rung of a reminder that somebody sent beside the ladder (加催).
const extra = "加催 "

// byUrger may send a reminder of the office's own.
var byUrger = []tenants.Role{tenants.OFF, tenants.DIR, tenants.CITY, tenants.PROV}

// Urged is what became of one item of a list that was urged.
type Urged struct {
	Finding inspection.FindingID `json:"finding"`
	Item    string               `json:"item" maxLength:"40" doc:"Number of the item"`
	Reason  string               `json:"reason" maxLength:"300" doc:"Why nothing was sent; empty if it was"`
}

// Urge sends the units of these items a reminder beside the ladder (催办), once a day
// for each. An item whose ladder stands still, or has come to its last step, gets
// none, and the answer says so: what is before the leading group is not urged any
// more. An unknown item is NotFound and nothing is sent.
func (s *Reminders) Urge(ctx context.Context, scope tenants.Scope, ids []inspection.FindingID) (all []Urged, err error) {
	if err := scope.Role().Allow(byUrger...); err != nil {
		return nil, err
	}
	ids = slices.Clone(ids) // in one order for everybody, so that two lists do not wait for each other
	slices.SortFunc(ids, func(a, b inspection.FindingID) int { return bytes.Compare(a.UUID[:], b.UUID[:]) })
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		all = nil
		var sent []Reminder
		for _, id := range slices.Compact(ids) {
			row, err := lockLadder(ctx, tx, id)
			if err != nil {
				return err
			}
			ladder, err := s.ladder(ctx, tx, row)
			if err != nil {
				return err
			}
			u := Urged{Finding: id, Item: row.Item, Reason: s.unurgeable(row, ladder)}
			if u.Reason == "" {
				sent = append(sent, s.urging(row, ladder, scope.Name()))
			}
			all = append(all, u)
		}
		made, err := enter(ctx, tx, sent, s.Calendar.Version())
		if err != nil {
			return err
		}
		for _, m := range made {
			tx.Journal(reminderEntry(m, "reminder."+string(urgeByHand), ""))
		}
		return s.mail(ctx, tx, made)
	})
	slices.SortFunc(all, func(a, b Urged) int { return strings.Compare(a.Item, b.Item) })
	return all, err
}

// unurgeable says why an item is not urged today, or "".
func (s *Reminders) unurgeable(row ladderRow, ladder []tenants.Rung) string {
	switch {
	case row.HoldReason != "":
		return "催办已暂停：" + row.HoldReason
	case !isReminded(row.State):
		return fmt.Sprintf("现为“%s”，没有进行中的催办", row.State.Word())
	case row.DueOn == 0:
		return "还没有整改期限"
	case slices.Contains(row.Made, extra+s.Clock.Today().String()):
		return "今天已催办"
	}
	steps := climb(ladder, row.DueOn, s.Calendar)
	if n := len(steps); n > 0 && slices.Contains(row.Made, steps[n-1].Rung.Rung) {
		return "已到最后一步：" + steps[n-1].Title
	}
	return ""
}

// urging is the reminder that goes out now, to whom the ladder's own messages go.
func (s *Reminders) urging(row ladderRow, ladder []tenants.Rung, by string) Reminder {
	to := []tenants.Role{tenants.UNIT, tenants.HEAD}
	if i := slices.IndexFunc(ladder, func(r tenants.Rung) bool { return r.Signer == "" }); i >= 0 {
		to = ladder[i].To
	}
	today := s.Clock.Today()
	m := s.reminder(row, climbedRung{
		step:  step{Rung: tenants.Rung{Rung: extra + today.String(), Title: "催办", To: to}, on: today},
		state: ReminderSent,
	})
	m.DecidedBy = by
	return m
}
