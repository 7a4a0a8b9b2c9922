package rectification

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// RunningChain is one row of the board of all chains (催办台账, UX S20): where the
// ladder of one item stands today.
type RunningChain struct {
	Finding    inspection.FindingID  `json:"finding"`
	Item       string                `json:"item" doc:"Number of the item"`
	Unit       inspection.UnitID     `json:"unit"`
	UnitName   string                `json:"unit_name"`
	State      State                 `json:"state"`
	DueOn      inspection.Day        `json:"due_on"`
	Overdue    int                   `json:"overdue" doc:"Days past the deadline; negative before it"`
	Reminder   inspection.ReminderID `json:"reminder" doc:"The step that was taken last"`
	Rung       string                `json:"rung" doc:"T+7"`
	Title      string                `json:"title" doc:"督办通知书"`
	Letter     bool                  `json:"letter" doc:"That step is a document, and no message"`
	Number     string                `json:"number" doc:"The document's number, once it is signed"`
	StepState  ReminderState         `json:"step_state"`
	StepOn     inspection.Day        `json:"step_on"`
	TalkDue    bool                  `json:"talk_due" doc:"The talk that goes with it is not on record yet (约谈)"`
	Receipt    ReceiptState          `json:"receipt"`
	ReceivedAt *time.Time            `json:"received_at" doc:"When the unit signed for it, or read it"`
	Next       string                `json:"next" doc:"The rung that comes next; empty at the end of the ladder and while it stands still"`
	NextTitle  string                `json:"next_title"`
	NextOn     *inspection.Day       `json:"next_on"`
	Pause      string                `json:"pause" doc:"Why the ladder stands still; empty if it runs"`
}

// ReceiptState is what the unit did with the last step.
type ReceiptState string

// What a unit does with a step.
const (
	ReceiptNone   ReceiptState = "none"   // nothing to sign for: not sent, or not to the unit
	ReceiptOpen   ReceiptState = "open"   // 未阅
	ReceiptRead   ReceiptState = "read"   // 已阅
	ReceiptSigned ReceiptState = "signed" // 已签收
	ReceiptGone   ReceiptState = "gone"   // 收件人已调离
)

var receiptWords = map[ReceiptState]string{
	ReceiptNone: "不需签收", ReceiptOpen: "未阅", ReceiptRead: "已阅", ReceiptSigned: "已签收", ReceiptGone: "收件人已调离",
}

// Word returns what people call it.
func (r ReceiptState) Word() string { return receiptWords[r] }

// ReceiptStates lists what a unit does with a step.
func ReceiptStates() []ReceiptState {
	return []ReceiptState{ReceiptOpen, ReceiptRead, ReceiptSigned, ReceiptGone, ReceiptNone}
}

// BoardFilter is what the board is filtered for, and its order.
type BoardFilter struct {
	Rungs    []string // any of them
	Unit     inspection.UnitID
	Receipts []ReceiptState // any of them
	Sort     string         // overdue, item, unit or next_on; - before it turns it round
}

func (f BoardFilter) fits(c RunningChain) bool {
	return (len(f.Rungs) == 0 || slices.Contains(f.Rungs, c.Rung)) &&
		(f.Unit == inspection.UnitID{} || f.Unit == c.Unit) &&
		(len(f.Receipts) == 0 || slices.Contains(f.Receipts, c.Receipt))
}

// order puts chains into the filter's order: the longest overdue first if it names
// none, and by number where the rest is equal.
func (f BoardFilter) order(a, b RunningChain) int {
	key, down := strings.CutPrefix(cmp.Or(f.Sort, "-overdue"), "-")
	var n int
	switch key {
	case "item":
		n = cmp.Compare(a.Item, b.Item)
	case "unit":
		n = cmp.Compare(a.UnitName, b.UnitName)
	case "next_on":
		n = comesNext(a, b)
	default:
		n = cmp.Compare(a.Overdue, b.Overdue)
	}
	if down {
		n = -n
	}
	return cmp.Or(n, cmp.Compare(a.Item, b.Item))
}

func comesNext(a, b RunningChain) int {
	if a.NextOn == nil || b.NextOn == nil {
		return cmp.Compare(len(b.Next), len(a.Next)) // what has no next step comes last
	}
	return cmp.Compare(*a.NextOn, *b.NextOn)
}

// Board lists the running chains of the caller's office: open items of whose ladder
// some rung was climbed under the present deadline, also while it stands still.
func (s *Reminders) Board(ctx context.Context, scope tenants.Scope, f BoardFilter) ([]RunningChain, error) {
	var all []RunningChain
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		all, err = s.board(ctx, tx, f)
		return err
	})
	return all, err
}

// Every calls fn with each running chain that f finds, in f's order. More than most
// are refused before the first.
func (s *Reminders) Every(ctx context.Context, tx *tenants.Tx, f BoardFilter, most int, fn func(RunningChain) error) ([]tenants.ID, error) {
	all, err := s.board(ctx, tx, f)
	if err != nil {
		return nil, err
	}
	if len(all) > most {
		return nil, inspection.Errorf(inspection.Invalid, "narrow-filter", "符合条件的超过 %d 条，请缩小筛选范围后分次导出。", most)
	}
	for _, c := range all {
		if err := fn(c); err != nil {
			return nil, err
		}
	}
	return []tenants.ID{tx.Scope().Tenant()}, nil
}

func (s *Reminders) board(ctx context.Context, tx *tenants.Tx, f BoardFilter) ([]RunningChain, error) {
	rows, _ := tx.Query(ctx, `
		select `+ladderColumns+`
		from `+ladderJoins+`
		where `+tenants.Own("r")+` and r.state = any(@states) and r.due_on is not null`,
		pgx.StrictNamedArgs{"states": onBoard()})
	items, err := pgx.CollectRows(rows, pgx.RowToStructByName[ladderRow])
	if err != nil {
		return nil, fmt.Errorf("list items: %w", err)
	}
	last, err := s.lastSteps(ctx, tx)
	if err != nil {
		return nil, err
	}
	policy, err := tenants.PolicyOf(ctx, tx)
	if err != nil {
		return nil, err
	}
	all := []RunningChain{}
	for _, row := range items {
		m, ok := last[row.Finding]
		if !ok {
			continue
		}
		if row.Ladder == nil {
			row.Ladder = policy.Ladder
		}
		if c := s.running(row, m); f.fits(c) {
			all = append(all, c)
		}
	}
	slices.SortFunc(all, f.order)
	return all, nil
}

// onBoard lists the states of the items that have a chain which may run.
func onBoard() []State { return append([]State{Submitted}, reminded...) }

// lastSteps returns the last step that was taken and not skipped under the present
// deadline of every item on the board.
func (s *Reminders) lastSteps(ctx context.Context, tx *tenants.Tx) (map[inspection.FindingID]Reminder, error) {
	rows, _ := tx.Query(ctx, `
		select distinct on (m.finding_id) `+reminderColumns+`
		from `+reminderJoins+`
		where `+tenants.Own("m")+` and m.state <> @skipped and not starts_with(m.rung, @extra) and exists (
			select from rectifications r
			where r.tenant_id = m.tenant_id and r.finding_id = m.finding_id and r.due_version = m.due_version and r.state = any(@states))
		order by m.finding_id, m.planned_on desc, m.made_at desc`,
		pgx.StrictNamedArgs{"skipped": ReminderSkipped, "extra": extra, "states": onBoard()})
	steps, err := pgx.CollectRows(rows, pgx.RowToStructByName[Reminder])
	if err != nil {
		return nil, fmt.Errorf("list steps: %w", err)
	}
	if err := s.attach(ctx, tx, steps); err != nil {
		return nil, err
	}
	last := make(map[inspection.FindingID]Reminder, len(steps))
	for _, m := range steps {
		last[m.Finding] = m
	}
	return last, nil
}

// running is the board's row of an item whose last step is m.
func (s *Reminders) running(row ladderRow, m Reminder) RunningChain {
	today := s.Clock.Today()
	c := RunningChain{
		Finding: row.Finding, Item: row.Item, Unit: row.Unit, UnitName: m.UnitName, State: row.State, DueOn: row.DueOn,
		Overdue: int(today - row.DueOn), Reminder: m.ID, Rung: m.Rung, Title: m.Title, Letter: m.Document != "", Number: m.Number,
		StepState: m.State, StepOn: m.PlannedOn, TalkDue: m.Talk && m.State == ReminderSent && m.Talked == nil,
	}
	c.Receipt, c.ReceivedAt = m.received()
	switch {
	case row.HoldReason != "":
		c.Pause = "已暂停：" + row.HoldReason
	case row.State == Submitted:
		c.Pause = "已提交，待审核"
	default:
		for _, st := range climb(row.Ladder, row.DueOn, s.Calendar) {
			if st.on > today {
				c.Next, c.NextTitle, c.NextOn = st.Rung.Rung, st.Title, &st.on
				break
			}
		}
	}
	return c
}

// received is what the unit did with m.
func (m Reminder) received() (ReceiptState, *time.Time) {
	if m.State != ReminderSent || !toUnit(m) {
		return ReceiptNone, nil
	}
	state, at := ReceiptOpen, (*time.Time)(nil)
	for _, r := range m.Receipts {
		switch {
		case !r.Role.OfUnit():
		case r.SignedAt != nil:
			return ReceiptSigned, r.SignedAt
		case at == nil:
			state, at = ReceiptRead, &r.ReadAt
		}
	}
	if m.Gone {
		return ReceiptGone, at
	}
	return state, at
}
