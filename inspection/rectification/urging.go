package rectification

import (
	"context"
	"encoding/hex"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Urging is a rung that an office climbs for an item of an office below it (上级督办).
// Both read the one row: the issuer signs it, the office below signs for it.
type Urging struct {
	Tenant     tenants.ID            `json:"-" db:"tenant_id"`
	IssuerID   tenants.ID            `json:"-" db:"issuer"`
	ID         inspection.ReminderID `json:"id" db:"id"`
	Finding    inspection.FindingID  `json:"finding" db:"finding_id"`
	Item       string                `json:"item" db:"item"`
	UnitName   string                `json:"unit_name" db:"unit_name"`
	Issuer     string                `json:"issuer" db:"issuer_name" doc:"The office above, which urges"`
	Recipient  string                `json:"recipient" db:"recipient_name" doc:"The office below, which signs for it"`
	Slug       string                `json:"slug" db:"slug" doc:"Name of the recipient in addresses"`
	DueVersion int                   `json:"-" db:"due_version"`
	Rung       string                `json:"rung" db:"rung"`
	Title      string                `json:"title" db:"title"`
	Document   string                `json:"-" db:"document"`
	Number     string                `json:"number" db:"number"`
	State      ReminderState         `json:"state" db:"state"`
	DueOn      inspection.Day        `json:"due_on" db:"due_on"`
	PlannedOn  inspection.Day        `json:"planned_on" db:"planned_on"`
	Kept       *LetterText           `json:"-" db:"text"`
	Digest     []byte                `json:"-" db:"digest"`
	Note       string                `json:"note" db:"note" doc:"Why it was not sent"`
	DecidedBy  string                `json:"decided_by" db:"decided_by"`
	SentAt     *time.Time            `json:"sent_at" db:"issued_at"`
	ReceivedAt *time.Time            `json:"received_at" db:"received_at"`
	ReceivedBy string                `json:"received_by" db:"received_by"`
	MaySign    bool                  `json:"may_sign" db:"-" doc:"You sign it"`
	MayReceive bool                  `json:"may_receive" db:"-" doc:"You sign for it (签收)"`
	Text       *LetterText           `json:"text" db:"-" doc:"What it says; only where one is read alone"`
}

const urgingColumns = `g.tenant_id, g.issuer, g.id, g.finding_id, f.number as item, u.name as unit_name, i.short as issuer_name,
	o.short as recipient_name, o.slug, g.due_version, g.rung, g.title, g.document, g.number, g.state, g.due_on, g.planned_on, g.text, g.digest,
	g.note, g.decided_by, g.issued_at, g.received_at, g.received_by`

const urgingJoins = `urgings g
	join findings f on (f.tenant_id, f.id) = (g.tenant_id, g.finding_id)
	join units u on (u.tenant_id, u.id) = (f.tenant_id, f.unit_id)
	join tenants i on i.id = g.issuer
	join tenants o on o.id = g.tenant_id`

// urgers sign what their level climbs; receivers sign for it in the office below.
var (
	urgers    = []tenants.Role{tenants.CITY, tenants.PROV}
	receivers = []tenants.Role{tenants.DIR, tenants.OFF, tenants.CITY}
)

// see fills in what the caller may do with it.
func (g *Urging) see(s tenants.Scope) {
	g.MaySign = g.IssuerID == s.Tenant() && g.State == ReminderWaiting && slices.Contains(urgers, s.Role())
	g.MayReceive = g.Tenant == s.Tenant() && g.State == ReminderSent && g.ReceivedAt == nil && slices.Contains(receivers, s.Role())
}

// ScanBelow climbs, for the items of the offices below, the rungs that the office's
// policy climbs for them. It locks no row of theirs: what changes between the look
// and the signature is found at the signature.
func (s *Reminders) ScanBelow(ctx context.Context, scope tenants.Scope) error {
	level := map[string]tenants.Role{"city": tenants.CITY, "province": tenants.PROV}[scope.Office().Level]
	if level == "" {
		return nil // nobody is below a county
	}
	scope, err := scope.Subtree()
	if err != nil {
		return err
	}
	return s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		policy, err := tenants.PolicyOf(ctx, tx)
		if err != nil {
			return err
		}
		for _, rung := range policy.LadderBelow {
			if rung.Signer != level {
				continue
			}
			if err := s.climbBelow(ctx, tx, rung); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Reminders) climbBelow(ctx context.Context, tx *tenants.Tx, rung tenants.Rung) error {
	rows, _ := tx.Query(ctx, `
		select r.tenant_id, r.finding_id, r.due_version, r.due_on, coalesce(r.due_set_at, r.issued_at) as since, f.number as item
		from rectifications r join findings f on (f.tenant_id, f.id) = (r.tenant_id, r.finding_id)
		where `+tenants.Reach("r")+` and r.tenant_id <> current_setting('app.tenant')::int
		  and r.state = any(@states) and r.hold_reason = '' and r.issued_at is not null and r.due_on + @offset::int <= @today
		  and not exists (select from urgings g
			where (g.tenant_id, g.issuer, g.finding_id, g.due_version, g.rung)
				= (r.tenant_id, current_setting('app.tenant')::int, r.finding_id, r.due_version, @rung))`,
		pgx.StrictNamedArgs{"states": reminded, "offset": rung.Offset, "today": s.Clock.Today(), "rung": rung.Rung})
	type due struct {
		Tenant     tenants.ID           `db:"tenant_id"`
		Finding    inspection.FindingID `db:"finding_id"`
		DueVersion int                  `db:"due_version"`
		DueOn      inspection.Day       `db:"due_on"`
		Since      time.Time            `db:"since"`
		Item       string               `db:"item"`
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[due])
	if err != nil {
		return fmt.Errorf("find items below: %w", err)
	}
	for _, d := range all {
		st := climb([]tenants.Rung{rung}, d.DueOn, s.Calendar)[0]
		if st.on > s.Clock.Today() || st.on < inspection.DayOf(d.Since) {
			continue
		}
		id := inspection.NewID[inspection.ReminderID]()
		tag, err := tx.Exec(ctx, `
			insert into urgings (tenant_id, finding_id, due_version, rung, id, title, document, due_on, planned_on, made_at)
			values (@tenant, @finding, @due_version, @rung, @id, @title, @document, @due_on, @planned_on, @at)
			on conflict do nothing`,
			pgx.StrictNamedArgs{
				"tenant": d.Tenant, "finding": d.Finding, "due_version": d.DueVersion, "rung": rung.Rung, "id": id, "title": rung.Title,
				"document": rung.Document, "due_on": d.DueOn, "planned_on": st.on, "at": s.Clock(),
			})
		if err != nil {
			return fmt.Errorf("urge: %w", err)
		}
		if tag.RowsAffected() == 1 {
			tx.Journal(tenants.Entry{
				Action: "urging.make", Object: "urging", ID: id.UUID,
				Detail: tenants.Detail{Title: rung.Title + "（待签发）", Number: d.Item},
			})
		}
	}
	return nil
}

// Urgings lists what the caller's office urges below, and what it was urged to from
// above: what waits first, then the latest.
func (s *Reminders) Urgings(ctx context.Context, scope tenants.Scope) ([]Urging, error) {
	var all []Urging
	err := s.DB.In(ctx, reaching(scope), func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+urgingColumns+` from `+urgingJoins+`
			where `+tenants.Reach("g")+` and current_setting('app.tenant')::int in (g.tenant_id, g.issuer)
			order by (g.state = 'waiting' or g.state = 'sent' and g.received_at is null) desc, g.planned_on desc, f.number
			limit 1000`)
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[Urging])
		for i := range found {
			found[i].see(scope)
		}
		all = found
		return err
	})
	return all, err
}

// Urging returns one of them with its text.
func (s *Reminders) Urging(ctx context.Context, scope tenants.Scope, id inspection.ReminderID) (Urging, error) {
	var g Urging
	err := s.DB.In(ctx, reaching(scope), func(tx *tenants.Tx) (err error) {
		if g, err = urgingByID(ctx, tx, id); err != nil {
			return err
		}
		if g.Tenant != scope.Tenant() {
			tx.Journal(tenants.Entry{
				Office: g.Tenant, Action: "urging.read-above", Object: "finding", ID: g.Finding.UUID,
				Detail: tenants.Detail{Title: "上级查看", Text: g.Title, Number: g.Item},
			})
		}
		return s.textOf(ctx, tx, &g)
	})
	return g, err
}

func (s *Reminders) textOf(ctx context.Context, tx *tenants.Tx, g *Urging) error {
	g.see(tx.Scope())
	if g.Kept != nil {
		g.Text = g.Kept
		return nil
	}
	text, err := s.composeUrging(ctx, tx, *g)
	g.Text = &text
	return err
}

func (s *Reminders) composeUrging(ctx context.Context, tx *tenants.Tx, g Urging) (LetterText, error) {
	template, err := templateOf(ctx, tx, g.Title, g.Document)
	if err != nil {
		return LetterText{}, err
	}
	f := letterFacts{Unit: g.UnitName, Item: g.Item, DueOn: g.DueOn, below: g.Recipient}
	err = tx.QueryRow(ctx, `select f.text from findings f where f.tenant_id = @tenant and f.id = @id`,
		pgx.StrictNamedArgs{"tenant": g.Tenant, "id": g.Finding}).Scan(&f.Problem)
	if err != nil {
		return LetterText{}, fmt.Errorf("read finding: %w", err)
	}
	return s.fillIn(tx, template, f, s.Clock.Today(), "")
}

// SignUrging signs one, which sends it to the office below. An item that was handed
// in, held or given a new deadline meanwhile is urged no more.
func (s *Reminders) SignUrging(ctx context.Context, scope tenants.Scope, id inspection.ReminderID) (Urging, error) {
	var g Urging
	if err := scope.StepUp(s.Clock()); err != nil {
		return g, err
	}
	err := s.DB.In(ctx, reaching(scope), func(tx *tenants.Tx) (err error) {
		if g, err = s.lockUrging(ctx, tx, id); err != nil {
			return err
		}
		if !g.MaySign {
			return wrongSide(g, scope, "签发", urgers)
		}
		var runs bool
		err = tx.QueryRow(ctx, `select `+stillUrged+` from urgings g where g.tenant_id = @tenant and g.id = @id`,
			pgx.StrictNamedArgs{"tenant": g.Tenant, "id": id, "states": reminded}).Scan(&runs)
		if err != nil {
			return fmt.Errorf("look at item: %w", err)
		}
		if !runs {
			return inspection.Errorf(inspection.Conflict, "reminder.stopped", "%s 已提交、已暂停催办或已调整期限，不再发出。", g.Item)
		}
		text, err := s.composeUrging(ctx, tx, g)
		if err != nil {
			return err
		}
		if text.Number, err = s.letterNumber(ctx, tx, g.Document); err != nil {
			return err
		}
		now := s.Clock()
		g.State, g.Number, g.SentAt, g.DecidedBy, g.Kept, g.Digest = ReminderSent, text.Number, &now, scope.Name(), &text, text.Digest()
		_, err = tx.Exec(ctx, `
			update urgings g
			set state = @state, number = @number, text = @text, digest = @digest, decided_by = @by, issued_at = @at
			where g.tenant_id = @tenant and id = @id`,
			pgx.StrictNamedArgs{
				"state": g.State, "number": g.Number, "text": text, "digest": g.Digest, "by": g.DecidedBy, "at": now, "tenant": g.Tenant, "id": id,
			})
		if err != nil {
			return fmt.Errorf("sign urging: %w", err)
		}
		for _, office := range []tenants.ID{scope.Tenant(), g.Tenant} {
			tx.Journal(tenants.Entry{
				Office: office, Action: "urging.sign", Object: "finding", ID: g.Finding.UUID, After: text,
				Detail: tenants.Detail{Title: g.Title, Text: joined(g.Number, "正文摘要 "+hex.EncodeToString(g.Digest)), Number: g.Item},
			})
		}
		return s.textOf(ctx, tx, &g)
	})
	return g, err
}

// stillUrged is the condition that the item of an urging g still runs under the
// deadline that it is about.
const stillUrged = `exists (select from rectifications r
	where (r.tenant_id, r.finding_id, r.due_version) = (g.tenant_id, g.finding_id, g.due_version) and r.state = any(@states) and r.hold_reason = '')`

// DropUrging decides against one.
func (s *Reminders) DropUrging(ctx context.Context, scope tenants.Scope, id inspection.ReminderID, reason string) (Urging, error) {
	var g Urging
	reason, fields := inspection.CleanText("/reason", reason, true, 200)
	if fields != nil {
		return g, inspection.InvalidFields("reason", "请填写理由。", fields...)
	}
	err := s.DB.In(ctx, reaching(scope), func(tx *tenants.Tx) (err error) {
		if g, err = s.lockUrging(ctx, tx, id); err != nil {
			return err
		}
		if !g.MaySign {
			return wrongSide(g, scope, "决定不发", urgers)
		}
		g.State, g.Note, g.DecidedBy = ReminderDropped, reason, scope.Name()
		_, err = tx.Exec(ctx, `
			update urgings g set state = @state, note = @note, decided_by = @by
			where g.tenant_id = @tenant and id = @id`,
			pgx.StrictNamedArgs{"state": g.State, "note": reason, "by": g.DecidedBy, "tenant": g.Tenant, "id": id})
		if err != nil {
			return fmt.Errorf("drop urging: %w", err)
		}
		tx.Journal(tenants.Entry{
			Action: "urging.drop", Object: "urging", ID: id.UUID,
			Detail: tenants.Detail{Title: "不发" + g.Title, Text: reason, Number: g.Item},
		})
		return s.textOf(ctx, tx, &g)
	})
	return g, err
}

// ReceiveUrging signs for one in the office below.
func (s *Reminders) ReceiveUrging(ctx context.Context, scope tenants.Scope, id inspection.ReminderID) (Urging, error) {
	var g Urging
	err := s.DB.In(ctx, scope, func(tx *tenants.Tx) (err error) {
		if g, err = s.lockUrging(ctx, tx, id); err != nil {
			return err
		}
		if !g.MayReceive {
			return wrongSide(g, scope, "签收", receivers)
		}
		now := s.Clock()
		g.ReceivedAt, g.ReceivedBy = &now, scope.Name()
		_, err = tx.Exec(ctx, `
			update urgings g set received_at = @at, received_by = @by
			where `+tenants.Own("g")+` and id = @id`, pgx.StrictNamedArgs{"at": now, "by": g.ReceivedBy, "id": id})
		if err != nil {
			return fmt.Errorf("receive urging: %w", err)
		}
		tx.Journal(tenants.Entry{
			Action: "urging.receive", Object: "finding", ID: g.Finding.UUID,
			Detail: tenants.Detail{Title: "签收" + g.Title, Text: g.Number, Number: g.Item},
		})
		return s.textOf(ctx, tx, &g)
	})
	return g, err
}

// wrongSide says why somebody may not do this with g.
func wrongSide(g Urging, scope tenants.Scope, do string, by []tenants.Role) error {
	if err := scope.Role().Allow(by...); err != nil {
		return err
	}
	state := reminders.Called[g.State]
	if g.ReceivedAt != nil {
		state = "已签收"
	}
	return inspection.Errorf(inspection.Conflict, "urging.wrong-state", "未能%s：此件现为“%s”，或应由另一方办理。", do, state)
}

// reaching is s with the offices below in reach, where its role may look there.
func reaching(s tenants.Scope) tenants.Scope {
	if w, err := s.Subtree(); err == nil {
		return w
	}
	return s
}

const findUrging = `
	select ` + urgingColumns + ` from ` + urgingJoins + `
	where g.tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int
	  and current_setting('app.tenant')::int in (g.tenant_id, g.issuer) and g.id = @id`

func urgingByID(ctx context.Context, tx *tenants.Tx, id inspection.ReminderID) (Urging, error) {
	rows, _ := tx.Query(ctx, findUrging, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Urging]))
}

// lockUrging locks one and returns it as the caller sees it.
func (s *Reminders) lockUrging(ctx context.Context, tx *tenants.Tx, id inspection.ReminderID) (Urging, error) {
	rows, _ := tx.Query(ctx, findUrging+` for update of g`, pgx.StrictNamedArgs{"id": id})
	g, err := tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Urging]))
	g.see(tx.Scope())
	return g, err
}

// UrgingTasks lists what waits for the caller: in the office above the signature, in
// the one below the receipt. tx reaches the offices below.
func (s *Reminders) UrgingTasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	if !tx.Scope().Role().Office() {
		return nil, nil
	}
	rows, _ := tx.Query(ctx, `
		select `+urgingColumns+` from `+urgingJoins+`
		where `+tenants.Reach("g")+` and current_setting('app.tenant')::int in (g.tenant_id, g.issuer)
		  and (g.state = @sent and g.received_at is null or g.state = @waiting and `+stillUrged+`)
		order by g.planned_on, f.number, g.id`,
		pgx.StrictNamedArgs{"waiting": ReminderWaiting, "sent": ReminderSent, "states": reminded})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[Urging])
	if err != nil {
		return nil, fmt.Errorf("list urgings: %w", err)
	}
	var all []inspection.Task
	for _, g := range found {
		g.see(tx.Scope())
		task := inspection.Task{
			Title: g.Title + g.Number, Kind: "urging", ID: g.ID.UUID, Number: g.Item, By: g.DecidedBy, Since: g.PlannedOn.Start(), DueOn: &g.PlannedOn,
		}
		switch {
		case g.MaySign:
			task.Verb, task.Source, task.By = "签发", g.Recipient, "催办阶梯"
		case g.MayReceive:
			task.Verb, task.Source, task.Since = "签收", g.Issuer, *g.SentAt
		default:
			continue
		}
		all = append(all, task)
	}
	return all, nil
}
