package tenants

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"xuncha/inspection"
)

// ViewID names a saved view.
type ViewID struct{ uuid.UUID }

// View is a list as somebody wants to find it again: a query of one screen's
// address under a name.
type View struct {
	Key     string   `json:"key" maxLength:"36" doc:"The view in an address (view=): its id, or the name of one that the service ships"`
	Screen  string   `json:"screen" maxLength:"40" doc:"Whose list it is: rectification.ledger"`
	Name    string   `json:"name" maxLength:"20"`
	Query   string   `json:"query" maxLength:"2000" doc:"Of the screen's address: state=working&sort=due"`
	Whose   ViewKind `json:"whose"`
	MadeBy  string   `json:"made_by" maxLength:"100" doc:"Empty for what is shipped"`
	Mine    bool     `json:"mine" doc:"You saved it"`
	Version int      `json:"version" minimum:"0" maximum:"2147483647" doc:"Goes into If-Match; 0 for what is shipped"`
}

// ViewKind is whose a view is.
type ViewKind string

// The kinds of view.
const (
	ShippedView ViewKind = "shipped" // comes with the service, for a role
	SharedView  ViewKind = "shared"  // everybody's in the office, or in the unit
	OwnView     ViewKind = "own"     // one member's
)

// ViewKinds lists the kinds of view.
func ViewKinds() []ViewKind { return []ViewKind{ShippedView, SharedView, OwnView} }

// NewView is a view to be saved.
type NewView struct {
	Screen string `json:"screen" pattern:"^[a-z]+([.][a-z]+)?$" maxLength:"40"`
	Name   string `json:"name" minLength:"1" maxLength:"20"`
	Query  string `json:"query" maxLength:"2000"`
	Shared bool   `json:"shared,omitempty" doc:"For everybody in the office; for a unit's people, in the unit"`
}

// ViewEdit is what may be changed of a view; what is absent stays.
type ViewEdit struct {
	Name   *string `json:"name,omitempty" nullable:"false" minLength:"1" maxLength:"20"`
	Query  *string `json:"query,omitempty" nullable:"false" maxLength:"2000"`
	Shared *bool   `json:"shared,omitempty" nullable:"false"`
}

// maxViews is how many views of one screen a member may have, and how many an
// office may share: more than a menu holds. The service's own limit.
const maxViews = 50

// Views keeps the saved views of lists.
type Views struct {
	DB    *DB
	Clock inspection.Clock
}

//go:embed defaults/views.json
var shippedViews []byte

// shippedView is a view that comes with the service, for people of some roles.
type shippedView struct {
	View
	Roles []Role `json:"roles"` // empty: everybody
}

var shippedList = sync.OnceValue(func() (all []shippedView) {
	if err := json.Unmarshal(shippedViews, &all); err != nil {
		panic(err) // embedded, and read by a test
	}
	return all
})

// viewRow is a view as the database gives it.
type viewRow struct {
	ID        ViewID              `db:"id"`
	Member    inspection.MemberID `db:"member_id"`
	Screen    string              `db:"screen"`
	Name      string              `db:"name"`
	Query     string              `db:"query"`
	Shared    bool                `db:"shared"`
	MadeBy    string              `db:"made_by"`
	ChangedAt time.Time           `db:"changed_at"`
	Version   int                 `db:"version"`
}

const viewColumns = `id, member_id, screen, name, query, shared, made_by, changed_at, version`

func (r viewRow) view(s Scope) View {
	v := View{
		Key: r.ID.String(), Screen: r.Screen, Name: r.Name, Query: r.Query, Whose: OwnView, MadeBy: r.MadeBy,
		Mine: r.Member == s.member, Version: r.Version,
	}
	if r.Shared {
		v.Whose = SharedView
	}
	return v
}

// List returns the views of a screen: those shipped for the role, those shared,
// and the member's own.
func (v *Views) List(ctx context.Context, s Scope, screen string) ([]View, error) {
	all := []View{}
	for _, each := range shippedList() {
		if each.Screen == screen && (len(each.Roles) == 0 || slices.Contains(each.Roles, s.role)) {
			each.Whose = ShippedView
			all = append(all, each.View)
		}
	}
	err := v.DB.Read(ctx, s, func(tx *Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+viewColumns+` from saved_views v
			where `+Own("v")+` and screen = @screen and removed_at is null
			order by shared desc, name collate "zh-x-icu", id`, pgx.StrictNamedArgs{"screen": screen})
		saved, err := pgx.CollectRows(rows, pgx.RowToStructByName[viewRow])
		for _, r := range saved {
			all = append(all, r.view(s))
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list views: %w", err)
	}
	return all, nil
}

// Save keeps a new view for its member.
func (v *Views) Save(ctx context.Context, s Scope, n NewView) (View, error) {
	r := viewRow{
		ID: inspection.NewID[ViewID](), Member: s.member, Screen: n.Screen, Name: n.Name, Query: n.Query, Shared: n.Shared,
		MadeBy: s.name, ChangedAt: v.Clock(), Version: 1,
	}
	if err := r.check(); err != nil {
		return View{}, err
	}
	err := v.DB.In(ctx, s, func(tx *Tx) error {
		if err := room(ctx, tx, r); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `
			insert into saved_views (id, member_id, unit_id, screen, name, query, shared, made_by, changed_at)
			values (@id, @member, @unit, @screen, @name, @query, @shared, @by, @at)`, pgx.StrictNamedArgs{
			"id": r.ID, "member": r.Member, "unit": optional(s.unit.UUID), "screen": r.Screen, "name": r.Name, "query": r.Query,
			"shared": r.Shared, "by": r.MadeBy, "at": r.ChangedAt,
		})
		if err != nil {
			return taken(err)
		}
		tx.Journal(r.entry(s, "view.save", "保存视图", nil))
		return nil
	})
	return r.view(s), err
}

// Change renames a view, gives it another query, or shares it. Only who saved it
// may.
func (v *Views) Change(ctx context.Context, s Scope, id ViewID, version int, e ViewEdit) (changed View, err error) {
	return v.act(ctx, s, id, version, func(tx *Tx, r *viewRow) error {
		if r.Member != s.member {
			return inspection.Errorf(inspection.Forbidden, "view.not-yours", "此视图由 %s 保存，只有本人可以修改。", r.MadeBy)
		}
		before := *r
		if e.Name != nil {
			r.Name = *e.Name
		}
		if e.Query != nil {
			r.Query = *e.Query
		}
		if e.Shared != nil {
			r.Shared = *e.Shared
		}
		if err := r.check(); err != nil {
			return err
		}
		if r.Shared != before.Shared {
			if err := room(ctx, tx, *r); err != nil {
				return err
			}
		}
		_, err := tx.Exec(ctx, `
			update saved_views v
			set name = @name, query = @query, shared = @shared, changed_at = @at, version = version + 1
			where `+Own("v")+` and id = @id`, pgx.StrictNamedArgs{
			"name": r.Name, "query": r.Query, "shared": r.Shared, "at": v.Clock(), "id": id,
		})
		if err != nil {
			return taken(err)
		}
		r.Version++
		tx.Journal(r.entry(s, "view.change", "修改视图", before))
		return nil
	})
}

// Remove takes a view away: who saved it may, and the director, for a shared one
// whose author has left.
func (v *Views) Remove(ctx context.Context, s Scope, id ViewID, version int) error {
	_, err := v.act(ctx, s, id, version, func(tx *Tx, r *viewRow) error {
		if r.Member != s.member && s.role != DIR {
			return inspection.Errorf(inspection.Forbidden, "view.not-yours", "此视图由 %s 保存，只有本人或巡察办主任可以删除。", r.MadeBy)
		}
		_, err := tx.Exec(ctx, `update saved_views v set removed_at = @at, version = version + 1 where `+Own("v")+` and id = @id`,
			pgx.StrictNamedArgs{"at": v.Clock(), "id": id})
		tx.Journal(r.entry(s, "view.remove", "删除视图", *r))
		return err
	})
	return err
}

// act locks a view and lets do change it.
func (v *Views) act(ctx context.Context, s Scope, id ViewID, version int, do func(*Tx, *viewRow) error) (changed View, err error) {
	err = v.DB.In(ctx, s, func(tx *Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+viewColumns+` from saved_views v
			where `+Own("v")+` and id = @id and removed_at is null
			for update`, pgx.StrictNamedArgs{"id": id})
		r, err := Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[viewRow]))
		if err != nil {
			return err
		}
		if r.Version != version {
			return inspection.StaleRow("view.stale", r.view(s))
		}
		if err := do(tx, &r); err != nil {
			return err
		}
		changed = r.view(s)
		return nil
	})
	return changed, err
}

// ofPlace are the words of an address that say where in a list somebody is, and
// not what he asks of it.
var ofPlace = []string{"view", "open", "page", "after", "below", "cursor"}

// maxQuery is how long a view's query may be as it is kept, where a Chinese
// character takes nine: what the table holds.
const maxQuery = 2000

// check refuses a view without a name, and a query that is none.
func (r *viewRow) check() error {
	name, fields := inspection.CleanText("/name", r.Name, true, 20)
	query, bad := cleanQuery(r.Query)
	if fields = append(fields, bad...); len(fields) > 0 {
		return inspection.InvalidFields("validation", "未能保存视图，请按提示修改。", fields...)
	}
	r.Name, r.Query = name, query
	return nil
}

// cleanQuery returns a query as it is kept: its texts clean, its keys in order.
func cleanQuery(query string) (string, []inspection.Field) {
	asked, err := url.ParseQuery(query)
	clean := url.Values{}
	var fields []inspection.Field
	text := func(s string) string {
		s, bad := inspection.CleanText("/query", s, false, 500)
		fields = append(fields, bad...)
		return s
	}
	for _, key := range slices.Sorted(maps.Keys(asked)) {
		for _, value := range asked[key] {
			clean.Add(text(key), text(value))
		}
	}
	if err != nil || slices.ContainsFunc(ofPlace, clean.Has) {
		fields = append(fields, inspection.Field{Pointer: "/query", Code: "query", Message: "视图应为列表地址中的筛选条件，不含翻页位置。"})
	}
	kept := clean.Encode()
	if len(kept) > maxQuery {
		fields = append(fields, inspection.Field{Pointer: "/query", Code: "too-long", Message: "筛选条件过长，请减少后再保存。"})
	}
	return kept, fields
}

// room refuses one view more than a menu holds.
func room(ctx context.Context, tx *Tx, r viewRow) error {
	var n int
	err := tx.QueryRow(ctx, `
		select count(*) from saved_views v
		where `+Own("v")+` and screen = @screen and removed_at is null and shared = @shared and (shared or member_id = @member)`,
		pgx.StrictNamedArgs{"screen": r.Screen, "shared": r.Shared, "member": r.Member}).Scan(&n)
	if err != nil {
		return fmt.Errorf("count views: %w", err)
	}
	if n >= maxViews {
		return inspection.Errorf(inspection.Conflict, "view.too-many", "此列表已有 %d 个视图，请先删除不再使用的。", maxViews)
	}
	return nil
}

// taken tells of a name that is in use.
func taken(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == "23505" {
		return inspection.InvalidFields("view.name-taken", "已有同名视图，请换一个名称。",
			inspection.Field{Pointer: "/name", Code: "taken", Message: "已有同名视图，请换一个名称。"})
	}
	return err
}

// entry is the journal's entry of an act on the view.
func (r viewRow) entry(s Scope, action, title string, before any) Entry {
	text := r.Name
	if r.Shared {
		text += "（共享）"
	}
	return Entry{
		Action: action, Object: "view", ID: r.ID.UUID, Unit: s.unit, Detail: Detail{Title: title, Text: text},
		Before: before, After: r,
	}
}
