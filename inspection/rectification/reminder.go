package rectification

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Reminder is one rung of an item's ladder that was climbed (催办).
type Reminder struct {
	ID          inspection.ReminderID `json:"id" db:"id"`
	Finding     inspection.FindingID  `json:"finding" db:"finding_id"`
	Item        string                `json:"item" db:"item" doc:"Number of the item"`
	Unit        inspection.UnitID     `json:"unit" db:"unit_id"`
	UnitName    string                `json:"unit_name" db:"unit_name"`
	DueVersion  int                   `json:"due_version" db:"due_version" doc:"Which deadline of the item this is about; grows with each"`
	Rung        string                `json:"rung" db:"rung" doc:"T-7"`
	Title       string                `json:"title" db:"title" doc:"提醒书"`
	Document    string                `json:"document" db:"document" doc:"Begins the letter's number; empty for a message"`
	Number      string                `json:"number" db:"number" doc:"The letter's number, once it is signed"`
	Signer      tenants.Role          `json:"signer" db:"signer" doc:"Who signs it; empty for a message"`
	Recipients  []tenants.Role        `json:"recipients" db:"recipients" nullable:"false"`
	State       ReminderState         `json:"state" db:"state"`
	DueOn       inspection.Day        `json:"due_on" db:"due_on"`
	PlannedOn   inspection.Day        `json:"planned_on" db:"planned_on" doc:"The working day on which it was to go out"`
	Provisional bool                  `json:"provisional" db:"provisional" doc:"The working days of that year were not published"`
	Calendar    string                `json:"-" db:"calendar"`
	Late        bool                  `json:"late" db:"late" doc:"Made up for (补发)"`
	Note        string                `json:"note" db:"note" doc:"Why late, skipped or dropped"`
	MadeAt      time.Time             `json:"made_at" db:"made_at"`
	DecidedBy   string                `json:"decided_by" db:"decided_by" doc:"Who signed or dropped it"`
	SentAt      *time.Time            `json:"sent_at" db:"issued_at"`
	Wording     int                   `json:"wording" db:"wording" doc:"How often its signer worded what it asks for; 0 for its template's words"`
	Talk        bool                  `json:"talk" db:"talk" doc:"Done only when the talk that goes with it is on record (约谈)"`
	Talked      *Talk                 `json:"talked" db:"-" doc:"The record of that talk"`
	ReceiverID  *inspection.MemberID  `json:"-" db:"receiver_id"`
	Receiver    string                `json:"receiver" db:"receiver" doc:"Named by the office to receive it, because the recipient has left"`
	Gone        bool                  `json:"gone" db:"-" doc:"Nobody is left who may sign for it (收件人已调离): name another recipient"`
	Receipts    []Receipt             `json:"receipts" db:"-" nullable:"false"`
	Allowed     []ReminderAction      `json:"allowed" db:"-" nullable:"false" doc:"What you may do with it"`
}

const reminderColumns = `m.id, m.finding_id, f.number as item, m.unit_id, u.name as unit_name, m.due_version, m.rung, m.title,
	m.document, m.number, m.signer, m.recipients, m.state, m.due_on, m.planned_on, m.provisional, m.calendar, m.late, m.note,
	m.made_at, m.decided_by, m.issued_at, m.talk, m.receiver_id,
	coalesce((select l.version from letters l where (l.tenant_id, l.reminder_id) = (m.tenant_id, m.id)), 0) as wording,
	coalesce((select p.name from members p where (p.tenant_id, p.id) = (m.tenant_id, m.receiver_id)), '') as receiver`

// reminderJoins are the tables behind reminderColumns.
const reminderJoins = `reminders m
	join findings f on (f.tenant_id, f.id) = (m.tenant_id, m.finding_id)
	join units u on (u.tenant_id, u.id) = (m.tenant_id, m.unit_id)`

// Receipt says that a person read a reminder, or signed for it (签收).
type Receipt struct {
	Reminder inspection.ReminderID `json:"-" db:"reminder_id"`
	Name     string                `json:"name" db:"name"`
	Role     tenants.Role          `json:"role" db:"role"`
	ReadAt   time.Time             `json:"read_at" db:"read_at"`
	SignedAt *time.Time            `json:"signed_at" db:"signed_at"`
}

// Reminders runs the ladder of every open item.
type Reminders struct {
	DB       *tenants.DB
	Clock    inspection.Clock
	Calendar *inspection.Calendar
	Outbox   *Outbox
}

// Chain is the ladder of one item: what was sent, and what comes when.
type Chain struct {
	DueOn      *inspection.Day `json:"due_on"`
	HoldReason string          `json:"hold_reason" doc:"Why the director holds the reminders; empty if they run"`
	Running    bool            `json:"running" doc:"False while the item is with the reviewers, held or closed"`
	Version    int             `json:"version" doc:"Of the item"`
	Sent       []Reminder      `json:"sent" nullable:"false" doc:"What was made so far, all deadlines"`
	Coming     []ComingRung    `json:"coming" nullable:"false" doc:"What is still to come under the present deadline"`
}

// ComingRung is a rung that is still to come.
type ComingRung struct {
	Rung        string         `json:"rung"`
	Title       string         `json:"title"`
	On          inspection.Day `json:"on"`
	Provisional bool           `json:"provisional" doc:"The working days of that year are not published yet"`
	Signer      tenants.Role   `json:"signer"`
}

// ladderRow is an item as the ladder needs it.
type ladderRow struct {
	Tenant     tenants.ID           `db:"tenant_id"`
	Finding    inspection.FindingID `db:"finding_id"`
	Unit       inspection.UnitID    `db:"unit_id"`
	Item       string               `db:"item"`
	State      State                `db:"state"`
	DueOn      inspection.Day       `db:"due_on"`
	DueVersion int                  `db:"due_version"`
	HoldReason string               `db:"hold_reason"`
	Since      *time.Time           `db:"since"`
	Version    int                  `db:"version"`
	Ladder     []tenants.Rung       `db:"ladder"` // frozen when its round opened, or null
	Made       []string             `db:"made"`
	PausedFrom []time.Time          `db:"paused_from"`
	PausedTo   []time.Time          `db:"paused_to"`
}

// ladderColumns are the columns of [ladderRow]. The ladder stood still while the
// item was with the reviewers and while the director held it.
const ladderColumns = `r.tenant_id, r.finding_id, r.unit_id, f.number as item, r.state, r.due_on, r.due_version, r.hold_reason,
	coalesce(r.due_set_at, r.issued_at) as since, r.version, d.policy->'ladder' as ladder,
	array(select m.rung from reminders m
		where (m.tenant_id, m.finding_id, m.due_version) = (r.tenant_id, r.finding_id, r.due_version)) as made,
	p.paused_from, p.paused_to`

// ladderJoins are the tables behind ladderColumns.
const ladderJoins = `rectifications r
	join findings f on (f.tenant_id, f.id) = (r.tenant_id, r.finding_id)
	join rounds d on (d.tenant_id, d.id) = (f.tenant_id, f.round_id),
	lateral (
		select array_agg(p.a order by p.a, p.b) as paused_from, array_agg(p.b order by p.a, p.b) as paused_to
		from (
			select b.at as a, b.decided_at as b from submissions b
			where (b.tenant_id, b.finding_id) = (r.tenant_id, r.finding_id) and b.outcome = 'returned'
			union all
			select h.from_at, h.until_at from reminder_holds h
			where (h.tenant_id, h.finding_id) = (r.tenant_id, r.finding_id) and h.until_at is not null) p) p`

// reminded are the states in which the ladder runs: those in which the clock does.
var reminded = Running()

// Chain returns the ladder of one item.
func (s *Reminders) Chain(ctx context.Context, scope tenants.Scope, id inspection.FindingID) (Chain, error) {
	var c Chain
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		row, err := ladderOf(ctx, tx, id)
		if err != nil {
			return err
		}
		if row.Tenant != scope.Tenant() {
			tx.Journal(tenants.Entry{
				Office: row.Tenant, Action: "reminder.read-above", Object: "finding", ID: id.UUID, Unit: row.Unit,
				Detail: tenants.Detail{Title: "查看催办", Number: row.Item},
			})
		}
		if c, err = s.chain(ctx, tx, row); err != nil {
			return err
		}
		c.Sent, err = s.sentOf(ctx, tx, id)
		return err
	})
	return c, err
}

func (s *Reminders) chain(ctx context.Context, tx *tenants.Tx, row ladderRow) (Chain, error) {
	c := Chain{HoldReason: row.HoldReason, Version: row.Version, Coming: []ComingRung{}}
	if row.DueOn == 0 {
		return c, nil
	}
	c.DueOn = &row.DueOn
	c.Running = row.HoldReason == "" && isReminded(row.State)
	if row.Tenant != tx.Scope().Tenant() || !isReminded(row.State) {
		return c, nil // how another office climbs is its own policy
	}
	ladder, err := s.ladder(ctx, tx, row)
	if err != nil {
		return c, err
	}
	today := s.Clock.Today()
	for _, st := range climb(ladder, row.DueOn, s.Calendar) {
		if st.on > today {
			c.Coming = append(c.Coming, ComingRung{
				Rung: st.Rung.Rung, Title: st.Title, On: st.on, Provisional: st.provisional, Signer: st.Signer,
			})
		}
	}
	return c, nil
}

// ladder returns the ladder of an item: its round's, frozen when it opened, or
// the office's.
func (s *Reminders) ladder(ctx context.Context, tx *tenants.Tx, row ladderRow) ([]tenants.Rung, error) {
	if row.Ladder != nil {
		return row.Ladder, nil
	}
	p, err := tenants.PolicyOf(ctx, tx)
	return p.Ladder, err
}

func isReminded(s State) bool { return slices.Contains(reminded, s) }

// ladderOf returns one item within the reach.
func ladderOf(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) (ladderRow, error) {
	rows, _ := tx.Query(ctx, `
		select `+ladderColumns+`
		from `+ladderJoins+`
		where `+tx.Scope().Rows("r")+` and r.finding_id = @id`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[ladderRow]))
}

// sentOf lists the reminders of one item with their receipts.
func (s *Reminders) sentOf(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) ([]Reminder, error) {
	rows, _ := tx.Query(ctx, `
		select `+reminderColumns+`
		from `+reminderJoins+`
		where `+tx.Scope().Rows("m")+` and m.finding_id = @id
		order by m.due_version, m.planned_on, m.made_at, m.id`, pgx.StrictNamedArgs{"id": id})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Reminder])
	if err != nil {
		return nil, fmt.Errorf("list reminders: %w", err)
	}
	return all, s.attach(ctx, tx, all)
}

// attach adds to reminders their receipts and what the caller may do.
func (s *Reminders) attach(ctx context.Context, tx *tenants.Tx, all []Reminder) error {
	at := map[inspection.ReminderID]*Reminder{}
	ids := make([]inspection.ReminderID, 0, len(all))
	for i := range all {
		m := &all[i]
		m.Receipts, m.Allowed = []Receipt{}, []ReminderAction{}
		if maySign(tx.Scope().Role(), m.Signer) && tx.Scope().Own() {
			m.Allowed = reminders.Allowed(m.State, tx.Scope().Role())
		}
		at[m.ID] = m
		ids = append(ids, m.ID)
	}
	rows, _ := tx.Query(ctx, `
		select c.reminder_id, c.name, c.role, c.read_at, c.signed_at
		from reminder_receipts c
		where `+tx.Scope().Rows("c")+` and c.reminder_id = any(@ids)
		order by c.read_at, c.member_id`, pgx.StrictNamedArgs{"ids": ids})
	receipts, err := pgx.CollectRows(rows, pgx.RowToStructByName[Receipt])
	if err != nil {
		return fmt.Errorf("list receipts: %w", err)
	}
	for _, r := range receipts {
		at[r.Reminder].Receipts = append(at[r.Reminder].Receipts, r)
	}
	if err := attachTalks(ctx, tx, ids, at); err != nil {
		return err
	}
	return s.attachGone(ctx, tx, ids, at)
}
