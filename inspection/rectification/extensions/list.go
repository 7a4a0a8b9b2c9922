package extensions

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// ListID names a list of requests that are signed as one.
type ListID struct{ uuid.UUID }

// ListAsking asks for later days for several items at once (批量申请延期).
type ListAsking struct {
	Reason string     `json:"reason,omitempty" maxLength:"2000" doc:"For the items that do not say their own"`
	Items  []ItemLine `json:"items" minItems:"1" maxItems:"200" nullable:"false"`
}

// ItemLine is one item of a list.
type ItemLine struct {
	Item     inspection.FindingID    `json:"item"`
	UntilOn  inspection.Day          `json:"until_on" doc:"The last day asked for"`
	Reason   string                  `json:"reason,omitempty" maxLength:"2000" doc:"The list's reason if absent"`
	Evidence []inspection.EvidenceID `json:"evidence,omitempty" maxItems:"50" nullable:"false" doc:"Files of the item that support it; all that it has if absent"`
}

// List is several requests that the head signs as one and that are decided one by one.
type List struct {
	ID       ListID            `json:"id" db:"id"`
	Unit     inspection.UnitID `json:"unit" db:"unit_id"`
	UnitName string            `json:"unit_name" db:"unit_name" maxLength:"200"`
	ByName   string            `json:"by" db:"by_name" maxLength:"100"`
	At       time.Time         `json:"at" db:"at"`
	Promise  string            `json:"promise" db:"promise" maxLength:"500" doc:"What the head signed, or what the form suggests"`
	SignedBy string            `json:"signed_by" db:"signed_by" maxLength:"100"`
	SignedAt *time.Time        `json:"signed_at" db:"issued_at"`
	Version  int               `json:"version" db:"version" minimum:"1" maximum:"2147483647" doc:"Goes into If-Match"`
	Digest   string            `json:"digest" db:"digest" maxLength:"64" doc:"SM3 over what is signed: comes back with the signature"`
	Intact   bool              `json:"intact" db:"-" doc:"What was signed is still what its requests say"`
	Requests []Request         `json:"requests" db:"-" nullable:"false" maxItems:"200" doc:"By number"`
	Sign     bool              `json:"sign" db:"-" doc:"You may sign it now"`
}

const listColumns = `l.id, l.unit_id, u.name as unit_name, l.by_name, l.at, l.promise, l.signed_by, l.issued_at, l.version,
	coalesce(encode(l.digest, 'hex'), '') as digest`

const listTables = `extension_lists l join units u on u.tenant_id = l.tenant_id and u.id = l.unit_id`

// AskList records requests for several items of the unit: all of them, or, where one
// cannot be asked for, none; the answer names each of those and why.
func (s *Service) AskList(ctx context.Context, scope tenants.Scope, a ListAsking) (l List, err error) {
	if _, err := requests.Next(tenants.Start, Ask, scope.Role(), own); err != nil {
		return l, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		policy, err := tenants.PolicyOf(ctx, tx)
		if err != nil {
			return err
		}
		if len(a.Items) == 0 || len(a.Items) > policy.ExtensionListItems {
			return inspection.Errorf(inspection.Invalid, "extension.list-size", "一份清单最多 %d 项，请分次申请。", policy.ExtensionListItems)
		}
		id := inspection.NewID[ListID]()
		_, err = tx.Exec(ctx, `
			insert into extension_lists (id, unit_id, items, by_id, by_name, at) values (@id, @unit, @items, @by_id, @by, @at)`,
			pgx.StrictNamedArgs{
				"id": id, "unit": scope.Unit(), "items": len(a.Items), "by_id": scope.Member(), "by": scope.Name(), "at": s.Clock(),
			})
		if err != nil {
			return fmt.Errorf("add list: %w", err)
		}
		if err := s.askEach(ctx, tx, id, a); err != nil {
			return err
		}
		l, err = s.list(ctx, tx, id, "")
		return err
	})
	return l, err
}

// maxFiles is how many files a request rests on where none are named.
const maxFiles = 50

// askEach asks for each item, and gathers what is wrong with any.
func (s *Service) askEach(ctx context.Context, tx *tenants.Tx, list ListID, a ListAsking) error {
	var bad inspection.Fields
	for i, line := range a.Items {
		one := Asking{Kind: Later, UntilOn: line.UntilOn, Reason: line.Reason, Evidence: line.Evidence}
		if one.Reason == "" {
			one.Reason = a.Reason
		}
		if one.Evidence == nil {
			files, err := rectification.ProvingFiles(ctx, tx, line.Item)
			if err != nil {
				return err
			}
			one.Evidence = files[:min(len(files), maxFiles)]
		}
		_, err := s.ask(ctx, tx, line.Item, one, &list)
		if err == nil {
			continue
		}
		told, is := errors.AsType[*inspection.Error](err)
		if !is {
			return err
		}
		wrong := inspection.Field{Pointer: fmt.Sprintf("/items/%d", i), Code: told.Code, Message: told.Detail}
		if len(told.Fields) > 0 {
			wrong.Message = told.Fields[0].Message
		}
		bad = append(bad, wrong)
	}
	return bad.Err("extension.invalid")
}

// List returns a list. Reading another office's leaves an entry in that office's
// journal.
func (s *Service) List(ctx context.Context, scope tenants.Scope, id ListID) (l List, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if l, err = s.list(ctx, tx, id, ""); err != nil {
			return err
		}
		var office tenants.ID
		err := tx.QueryRow(ctx, `select l.tenant_id from extension_lists l where `+scope.Rows("l")+` and l.id = @id`,
			pgx.StrictNamedArgs{"id": id}).Scan(&office)
		if err != nil {
			return fmt.Errorf("whose list: %w", err)
		}
		if office != scope.Tenant() {
			tx.Journal(tenants.Entry{
				Office: office, Action: "extension.read-above", Object: "extension-list", ID: id.UUID,
				Detail: tenants.Detail{Title: "上级查看批量延期申请"},
			})
		}
		return nil
	})
	return l, err
}

// list reads a list with its requests; locked says for what, or nothing.
func (s *Service) list(ctx context.Context, tx *tenants.Tx, id ListID, locked string) (l List, err error) {
	rows, _ := tx.Query(ctx, `
		select `+listColumns+` from `+listTables+`
		where `+tx.Scope().Rows("l")+` and l.id = @id `+locked, pgx.StrictNamedArgs{"id": id})
	if l, err = tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[List])); err != nil {
		return l, err
	}
	l.Intact = true
	rows, _ = tx.Query(ctx, `
		select `+requestColumns+` from `+requestTables+`
		where `+tx.Scope().Rows("x")+` and x.list_id = @id
		order by r.number`, pgx.StrictNamedArgs{"id": id})
	if l.Requests, err = pgx.CollectRows(rows, pgx.RowToStructByName[Request]); err != nil {
		return l, fmt.Errorf("requests of list: %w", err)
	}
	if err := s.show(ctx, tx, l.Requests); err != nil {
		return l, err
	}
	open := l.open()
	if l.SignedAt == nil {
		says, err := asks(ctx, tx, open)
		if err != nil {
			return l, err
		}
		for i := range l.Requests {
			if at := slices.IndexFunc(open, func(r Request) bool { return r.ID == l.Requests[i].ID }); at >= 0 {
				l.Requests[i].Files = says[at].Files
			}
		}
		l.Promise, l.Sign = promise, tx.Scope().Role() == tenants.HEAD && len(open) > 0
		l.Digest, err = digestOf(says)
		return l, err
	}
	// What it was signed under is what its requests say that was.
	l.Intact = !slices.ContainsFunc(l.Requests, func(r Request) bool { return r.SignedAt != nil && (!r.Intact || r.Digest != l.Digest) })
	return l, nil
}

// open returns the requests that the signature is for, in the order of their numbers:
// those that were not taken back.
func (l List) open() []Request {
	return slices.DeleteFunc(slices.Clone(l.Requests), func(r Request) bool { return r.State != Asked })
}

// SignList signs all requests of a list at once, which sends each to whoever decides. The
// head signs what was shown: if the list is another one by now, nothing is signed.
func (s *Service) SignList(ctx context.Context, scope tenants.Scope, id ListID, version int, g Signing) (l List, err error) {
	text, bad := inspection.CleanText("/promise", g.Promise, true, 500)
	if err := bad.Err("extension.invalid"); err != nil {
		return l, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if l, err = s.list(ctx, tx, id, ""); err != nil {
			return err
		}
		if _, err := requests.Next(Asked, Sign, scope.Role(), own); err != nil {
			return err
		}
		if l.SignedAt != nil {
			return inspection.Errorf(inspection.Conflict, "extension.list-signed", "这份清单已由%s签署。", l.SignedBy)
		}
		// A request that is being taken back, or that the office decides, is so before the list is read.
		_, err := tx.Exec(ctx, `select from extensions x where `+tenants.Own("x")+` and x.list_id = @id order by x.id for update`,
			pgx.StrictNamedArgs{"id": id})
		if err != nil {
			return fmt.Errorf("lock requests of list: %w", err)
		}
		// Nobody changes what was signed: once it is, its row cannot be locked any more.
		if l, err = s.list(ctx, tx, id, "for update of l"); err != nil {
			return err
		}
		switch {
		case len(l.open()) == 0:
			return inspection.Errorf(inspection.Conflict, "extension.list-empty", "清单中的申请都已撤回，不需要签署。")
		case l.Version != version || l.Digest != g.Digest:
			return inspection.StaleRow("extension.stale", l)
		}
		if err := scope.StepUp(s.Clock()); err != nil {
			return err
		}
		return s.sign(ctx, tx, l, text)
	})
	if err != nil {
		return List{}, err
	}
	return s.List(ctx, scope, id)
}

func (s *Service) sign(ctx context.Context, tx *tenants.Tx, l List, text string) error {
	now, open := s.Clock(), l.open()
	_, err := tx.Exec(ctx, `
		update extension_lists l
		set promise = @promise, digest = decode(@digest, 'hex'), signed_by = @by, issued_at = @at, version = version + 1
		where `+tenants.Own("l")+` and l.id = @id`, pgx.StrictNamedArgs{
		"promise": text, "digest": l.Digest, "by": tx.Scope().Name(), "at": now, "id": l.ID,
	})
	if err != nil {
		return fmt.Errorf("sign list: %w", err)
	}
	says, err := asks(ctx, tx, open)
	if err != nil {
		return err
	}
	for i, r := range open {
		before := r
		if err := r.freeze(tx.Scope(), now, says[i], l.Digest, text); err != nil {
			return err
		}
		r.State, r.Version = Signed, r.Version+1
		if err := (held{Request: r}).save(ctx, tx); err != nil {
			return err
		}
		tx.Journal(r.entry("sign", "签署"+r.Kind.Word()+"申请", r.wish()+"。批量签署，"+r.signature(), before))
	}
	tx.Journal(tenants.Entry{
		Action: "extension.sign-list", Object: "extension-list", ID: l.ID.UUID, Unit: l.Unit, After: l,
		Detail: tenants.Detail{Title: "签署批量延期申请", Text: fmt.Sprintf("%d 项，清单校验码 %s", len(open), l.Digest)},
	})
	return nil
}

// listTasks returns the lists that wait for the signature of who acts.
func (s *Service) listTasks(ctx context.Context, tx *tenants.Tx) (tasks []inspection.Task, err error) {
	if tx.Scope().Role() != tenants.HEAD {
		return nil, nil
	}
	rows, _ := tx.Query(ctx, `
		select l.id, u.name as unit_name, l.by_name, l.at, count(*)::int as items, min(x.from_on) as due_on
		from `+listTables+`
		join extensions x on x.tenant_id = l.tenant_id and x.list_id = l.id and x.state = @asked
		where `+tenants.Own("l")+` and l.issued_at is null
		group by l.id, u.name, l.by_name, l.at
		order by l.at`, pgx.StrictNamedArgs{"asked": Asked})
	type row struct {
		ID       ListID
		UnitName string
		ByName   string
		At       time.Time
		Items    int
		DueOn    *inspection.Day
	}
	waiting, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, fmt.Errorf("list tasks: %w", err)
	}
	for _, w := range waiting {
		tasks = append(tasks, inspection.Task{
			Verb: "签署", Title: fmt.Sprintf("批量申请延期：%d 项", w.Items), Kind: "extension-list", ID: w.ID.UUID, Source: w.UnitName,
			By: w.ByName, Since: w.At, DueOn: w.DueOn,
		})
	}
	return tasks, nil
}
