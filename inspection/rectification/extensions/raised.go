package extensions

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Raised is a request that was passed up, as both offices see it: the one row, and of
// the item what is needed to decide. Its files are named, not shown.
type Raised struct {
	Request
	OfficeSlug string                       `json:"office" db:"office_slug" maxLength:"50" doc:"Whose item it is, in addresses"`
	OfficeName string                       `json:"office_name" db:"office_name" maxLength:"100"`
	UnitName   string                       `json:"unit_name" db:"unit_name" maxLength:"200"`
	Problem    string                       `json:"problem" db:"problem" maxLength:"5000" doc:"What the item is about"`
	DueOn      *inspection.Day              `json:"due_on" nullable:"true" db:"due_on" doc:"The present last day"`
	Files      []File                       `json:"files" db:"-" nullable:"false" maxItems:"50" doc:"As they were when the head signed; only where one is read alone"`
	Deadlines  []rectification.PastDeadline `json:"deadlines" db:"-" nullable:"false" maxItems:"1000" doc:"期限沿革, the first one first; only where one is read alone"`
}

const raisedColumns = requestColumns + `, o.slug as office_slug, o.short as office_name, u.name as unit_name, f.text as problem, r.due_on`

const raisedTables = requestTables + `
	join tenants o on o.id = x.tenant_id
	join units u on u.tenant_id = x.tenant_id and u.id = x.unit_id
	join findings f on f.tenant_id = x.tenant_id and f.id = x.finding_id`

// ours is the condition that a request x was passed up, and that the office that acts is
// one of its two parties.
const ours = `x.tenant_id between current_setting('app.lo')::int and current_setting('app.hi')::int
	and current_setting('app.tenant')::int in (x.tenant_id, x.decider) and x.forwarded_at is not null`

// raisedOrder is the order of the list: what waits first, then the latest.
const raisedOrder = `x.state <> 'forwarded', -extract(epoch from x.forwarded_at), x.id`

// Raised lists the requests that offices below passed up to the caller's office, and
// those that it passed up itself: what waits first, then the latest. A page has at most
// limit rows.
func (s *Service) Raised(ctx context.Context, scope tenants.Scope, cursor string, limit int) (p inspection.Page[Raised], err error) {
	args := pgx.NamedArgs{"limit": limit + 1}
	after, err := behindRaised(cursor, args)
	if err != nil {
		return p, err
	}
	p.Items = []Raised{}
	err = s.DB.Read(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+raisedColumns+`, (select count(*) from extensions x where `+ours+`) as total
			from `+raisedTables+` where `+ours+after+`
			order by `+raisedOrder+`
			limit @limit`, args)
		type counted struct {
			Raised
			Total int `db:"total"`
		}
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[counted])
		if err != nil {
			return fmt.Errorf("list requests passed up: %w", err)
		}
		for _, row := range found {
			row.see(scope)
			row.Files, row.Deadlines = []File{}, []rectification.PastDeadline{}
			p.Items, p.Total = append(p.Items, row.Raised), row.Total
		}
		p.Cut(limit, Raised.cursor)
		return nil
	})
	return p, err
}

// AnyRaised reports whether requests pass between the caller's office and the one above
// or those below: its policy has some decided above, or some were passed up already.
func (s *Service) AnyRaised(ctx context.Context, scope tenants.Scope) (anyone bool, err error) {
	err = s.DB.Read(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		rule, err := tenants.PolicyOf(ctx, tx)
		if anyone = rule.ExtensionAboveFrom > 0; anyone || err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, `select exists (select from extensions x where `+ours+`)`).Scan(&anyone); err != nil {
			return fmt.Errorf("look for requests passed up: %w", err)
		}
		return nil
	})
	return anyone, err
}

// cursor is the place behind r in the list.
func (r Raised) cursor() string {
	return strings.Join([]string{strconv.FormatBool(r.State != Forwarded), strconv.FormatInt(r.ForwardedAt.UnixMicro(), 10), r.ID.String()}, " ")
}

// behindRaised says where a page begins.
func behindRaised(cursor string, args pgx.NamedArgs) (string, error) {
	if cursor == "" {
		return "", nil
	}
	bad := inspection.Errorf(inspection.Invalid, "bad-cursor", "翻页位置已失效，请从第一页重新查看。")
	parts := strings.Split(cursor, " ")
	if len(parts) != 3 {
		return "", bad
	}
	micros, err := strconv.ParseInt(parts[1], 10, 64)
	if err != nil {
		return "", bad
	}
	id, err := inspection.ParseID[inspection.ExtensionID](parts[2])
	if err != nil {
		return "", bad
	}
	args["done"], args["at"], args["id"] = parts[0] == "true", time.UnixMicro(micros), id
	return ` and (` + raisedOrder + `) > (@done, -extract(epoch from @at::timestamptz), @id)`, nil
}

// RaisedOne returns one of them with what is needed to decide it. Reading another
// office's leaves an entry in that office's journal.
func (s *Service) RaisedOne(ctx context.Context, scope tenants.Scope, id inspection.ExtensionID) (r Raised, err error) {
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+raisedColumns+` from `+raisedTables+`
			where `+ours+` and x.id = @id`, pgx.StrictNamedArgs{"id": id})
		if r, err = tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Raised])); err != nil {
			return err
		}
		if r.Deadlines, err = rectification.Deadlines(ctx, tx, r.Finding); err != nil {
			return err
		}
		r.see(scope)
		says, _ := r.unseal() // what is not whole shows as such, and nobody goes on with it
		r.Files = append([]File{}, says.Asked.Files...)
		if r.Office != scope.Tenant() {
			tx.Journal(tenants.Entry{
				Office: r.Office, Action: "extension.read-above", Object: "finding", ID: r.Finding.UUID,
				Detail: tenants.Detail{Title: "上级查看期限和延期申请", Number: r.Number},
			})
		}
		return nil
	})
	return r, err
}

// RaisedTasks returns the requests of offices below that wait for the decision of who
// acts. tx reaches the offices below.
func (s *Service) RaisedTasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	if !tx.Scope().Role().Above() {
		return nil, nil
	}
	rows, _ := tx.Query(ctx, `
		select `+raisedColumns+` from `+raisedTables+`
		where `+ours+` and x.state = 'forwarded' and x.decider = current_setting('app.tenant')::int
		order by x.forwarded_at, x.id`)
	waiting, err := pgx.CollectRows(rows, pgx.RowToStructByName[Raised])
	if err != nil {
		return nil, fmt.Errorf("list requests to decide: %w", err)
	}
	var tasks []inspection.Task
	for _, w := range waiting {
		if w.see(tx.Scope()); len(w.Allowed) == 0 {
			continue
		}
		tasks = append(tasks, inspection.Task{
			Verb: "审批", Title: "申请" + w.wish() + "：" + inspection.Line(w.Problem), Kind: "raised-extension", ID: w.ID.UUID, Number: w.Number,
			Source: w.OfficeName, By: w.OpinionBy, Since: *w.ForwardedAt, DueOn: w.DueOn,
		})
	}
	return tasks, nil
}
