package rectification

import (
	"context"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
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
	State      UrgingState           `json:"state" db:"state"`
	DueOn      inspection.Day        `json:"due_on" db:"due_on"`
	PlannedOn  inspection.Day        `json:"planned_on" db:"planned_on"`
	Kept       []byte                `json:"-" db:"text"`
	Sum        []byte                `json:"-" db:"digest"`
	Note       string                `json:"note" db:"note" doc:"Why it was not sent"`
	DecidedBy  string                `json:"decided_by" db:"decided_by"`
	SentAt     *time.Time            `json:"sent_at" db:"issued_at"`
	ReceivedAt *time.Time            `json:"received_at" db:"received_at"`
	ReceivedBy string                `json:"received_by" db:"received_by"`
	Allowed    []UrgingAction        `json:"allowed" db:"-" nullable:"false" doc:"What you may do with it"`
	Text       *LetterText           `json:"text" db:"-" doc:"What it says; only where one is read alone"`
	Digest     string                `json:"digest" db:"-" doc:"SHA-256 of the text as signed; the journal of both offices has it, too"`
	Intact     bool                  `json:"intact" db:"-" doc:"The text is still the one whose digest was signed"`
}

const urgingColumns = `g.tenant_id, g.issuer, g.id, g.finding_id, f.number as item, u.name as unit_name, i.short as issuer_name,
	o.short as recipient_name, o.slug, g.due_version, g.rung, g.title, g.document, g.number, g.state, g.due_on, g.planned_on, g.text,
	g.digest, g.note, g.decided_by, g.issued_at, g.received_at, g.received_by`

const urgingJoins = `urgings g
	join findings f on (f.tenant_id, f.id) = (g.tenant_id, g.finding_id)
	join units u on (u.tenant_id, u.id) = (f.tenant_id, f.unit_id)
	join tenants i on i.id = g.issuer
	join tenants o on o.id = g.tenant_id`

// ours is the condition that the office that acts is a side of an urging g.
const ours = `g.tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int
	and current_setting('app.tenant')::int in (g.tenant_id, g.issuer)`

// side is where the office that acts stands.
func (g Urging) side(s tenants.Scope) tenants.Side {
	if g.IssuerID == s.Tenant() {
		return urger
	}
	return urged
}

// see fills in what the caller may do with it.
func (g *Urging) see(s tenants.Scope) { g.Allowed = urgings.Allowed(g.State, s.Role(), g.side(s)) }

// Urgings lists what the caller's office urges below, and what it was urged to from
// above: what waits first, then the latest. A page has at most limit rows.
func (s *Reminders) Urgings(ctx context.Context, scope tenants.Scope, cursor string, limit int) (p inspection.Page[Urging], err error) {
	args := pgx.NamedArgs{"limit": limit + 1}
	after, err := behindUrging(cursor, args)
	if err != nil {
		return p, err
	}
	p.Items = []Urging{}
	err = s.DB.Read(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		const where = ours + ` and g.state <> 'skipped'`
		rows, _ := tx.Query(ctx, `
			select `+urgingColumns+`, (select count(*) from urgings g where `+where+`) as total
			from `+urgingJoins+` where `+where+after+`
			order by `+urgingOrder+`
			limit @limit`, args)
		type counted struct {
			Urging
			Total int `db:"total"`
		}
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[counted])
		if err != nil {
			return fmt.Errorf("list urgings: %w", err)
		}
		for _, row := range found {
			row.see(scope)
			p.Items, p.Total = append(p.Items, row.Urging), row.Total
		}
		p.Cut(limit, Urging.cursor)
		return nil
	})
	return p, err
}

// urgingOrder is the order of the list: what waits for either side, then the latest.
const urgingOrder = `g.state not in ('waiting', 'sent'), date '2999-12-31' - g.planned_on, f.number, g.id`

// cursor is the place behind g in the list.
func (g Urging) cursor() string {
	done := g.State != UrgingWaiting && g.State != UrgingSent
	return strings.Join([]string{strconv.FormatBool(done), g.PlannedOn.String(), g.ID.String(), g.Item}, " ")
}

// behindUrging says where a page begins.
func behindUrging(cursor string, args pgx.NamedArgs) (string, error) {
	if cursor == "" {
		return "", nil
	}
	bad := inspection.Errorf(inspection.Invalid, "bad-cursor", "翻页位置已失效，请从第一页重新查看。")
	parts := strings.SplitN(cursor, " ", 4)
	if len(parts) != 4 {
		return "", bad
	}
	planned, err := inspection.ParseDay(parts[1])
	if err != nil {
		return "", bad
	}
	id, err := inspection.ParseID[inspection.ReminderID](parts[2])
	if err != nil {
		return "", bad
	}
	args["done"], args["planned"], args["id"], args["number"] = parts[0] == "true", planned, id, parts[3]
	return ` and (` + urgingOrder + `) > (@done, date '2999-12-31' - @planned::date, @number, @id)`, nil
}

// Urging returns one of them with its text.
func (s *Reminders) Urging(ctx context.Context, scope tenants.Scope, id inspection.ReminderID) (Urging, error) {
	var g Urging
	err := s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) (err error) {
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

// textOf adds what g says: as it was signed, or as it would go out today.
func (s *Reminders) textOf(ctx context.Context, tx *tenants.Tx, g *Urging) error {
	g.see(tx.Scope())
	if g.Kept != nil {
		text, intact := SignedText(g.Kept, g.Sum)
		g.Text, g.Digest, g.Intact = &text, hex.EncodeToString(g.Sum), intact
		return nil
	}
	text, err := s.composeUrging(ctx, tx, *g)
	g.Text = &text
	return err
}

// Whole returns an error if g was signed and is not what was signed: nobody works on
// with such a paper.
func (g Urging) Whole() error {
	if g.Kept == nil || g.Intact {
		return nil
	}
	return Altered(g.Title)
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

func urgingByID(ctx context.Context, tx *tenants.Tx, id inspection.ReminderID) (Urging, error) {
	rows, _ := tx.Query(ctx, `select `+urgingColumns+` from `+urgingJoins+` where `+ours+` and g.id = @id`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Urging]))
}

// UrgingTasks lists what waits for the caller: in the office above the signature, in
// the one below the receipt. tx reaches the offices below.
func (s *Reminders) UrgingTasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	if !tx.Scope().Role().Office() {
		return nil, nil
	}
	rows, _ := tx.Query(ctx, `
		select `+urgingColumns+` from `+urgingJoins+`
		where `+ours+` and g.state in ('waiting', 'sent') and (g.state = 'sent' or `+stillUrged+`)
		order by g.planned_on, f.number, g.id`, pgx.StrictNamedArgs{"states": reminded})
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[Urging])
	if err != nil {
		return nil, fmt.Errorf("list urgings: %w", err)
	}
	var all []inspection.Task
	for _, g := range found {
		g.see(tx.Scope())
		if len(g.Allowed) == 0 {
			continue
		}
		task := inspection.Task{
			Title: g.Title + g.Number, Kind: "urging", ID: g.ID.UUID, Number: g.Item, By: g.DecidedBy, Since: g.PlannedOn.Start(), DueOn: &g.PlannedOn,
		}
		if g.State == UrgingWaiting {
			task.Verb, task.Source, task.By = urgings.Doing[SignUrging], g.Recipient, "催办阶梯"
		} else {
			task.Verb, task.Source, task.Since = urgings.Doing[ReceiveUrging], g.Issuer, *g.SentAt
		}
		all = append(all, task)
	}
	return all, nil
}
