package samples

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// ID names one draw; in each office below it has a row of this name.
type ID struct{ uuid.UUID }

// ItemID names one item that was drawn.
type ItemID struct{ uuid.UUID }

// Service draws samples and does what people ask of them.
type Service struct {
	DB    *tenants.DB
	Clock inspection.Clock
	Cases *rectification.Service

	// Enqueue puts in the job that reopens, in the office of the item, what was refuted
	// above, to run if and when tx commits; nil waits for [Service.CarryOutAll].
	Enqueue func(ctx context.Context, tx *tenants.Tx, office string, id ItemID) error
}

// Sample is one draw, as the office that made it sees it, or as an office below sees
// its own part of it.
type Sample struct {
	ID         ID             `json:"id" db:"id"`
	Name       string         `json:"name" db:"name" maxLength:"100"`
	Issuer     string         `json:"issuer" db:"issuer_name" maxLength:"100" doc:"The office that drew"`
	ClosedFrom inspection.Day `json:"closed_from" db:"closed_from" doc:"What was closed from this day"`
	ClosedTo   inspection.Day `json:"closed_to" db:"closed_to" doc:"to this day was in the lot"`
	Share      int            `json:"share" db:"share" minimum:"1" maximum:"100" doc:"Percent of the lot that was drawn"`
	Seed       string         `json:"seed" db:"seed" maxLength:"64" doc:"Decides the lot: those are drawn whose SHA-256 of seed:number is smallest"`
	DrawnAt    time.Time      `json:"drawn_at" db:"drawn_at"`
	DrawnBy    string         `json:"drawn_by" db:"drawn_by" maxLength:"100"`
	Parts      []Part         `json:"parts" db:"-" nullable:"false" maxItems:"100" doc:"By office, in the order of the region codes"`
	Counts     Counts         `json:"counts" db:"-"`
	Items      []Item         `json:"items" db:"-" nullable:"false" maxItems:"500" doc:"Only where one is read alone"`
}

// Part is the part of a draw in one office below.
type Part struct {
	Office string   `json:"office" db:"office" maxLength:"50" doc:"Name of the office in addresses"`
	Name   string   `json:"name" db:"office_name" maxLength:"100"`
	Pool   []string `json:"pool" db:"pool" nullable:"false" maxItems:"20000" doc:"Numbers of the items about which the lot decided; only where one is read alone"`
	Lots   int      `json:"lots" db:"lots" minimum:"0" maximum:"20000" doc:"How many they are"`
	Counts
}

// Counts says how far a sample is.
type Counts struct {
	All       int `json:"all" db:"all" minimum:"0" maximum:"20000"`
	Waiting   int `json:"waiting" db:"waiting" minimum:"0" maximum:"20000" doc:"待核查"`
	Confirmed int `json:"confirmed" db:"confirmed" minimum:"0" maximum:"20000" doc:"确认到位"`
	Refuted   int `json:"refuted" db:"refuted" minimum:"0" maximum:"20000" doc:"未整改到位, whatever became of it"`
}

// Item is one item that was drawn: one row, which both offices read.
type Item struct {
	ID         ItemID               `json:"id" db:"id"`
	Sample     ID                   `json:"sample" db:"sample_id"`
	SampleName string               `json:"sample_name" db:"sample_name" maxLength:"100"`
	Issuer     string               `json:"issuer" db:"issuer_name" maxLength:"100" doc:"The office that drew it"`
	Office     string               `json:"office" db:"office" maxLength:"50" doc:"Whose item it is, in addresses"`
	OfficeName string               `json:"office_name" db:"office_name" maxLength:"100"`
	Finding    inspection.FindingID `json:"item" db:"finding_id"`
	Number     string               `json:"number" db:"number" maxLength:"40"`
	UnitName   string               `json:"unit_name" db:"unit_name" maxLength:"200"`
	Problem    string               `json:"problem" db:"problem" maxLength:"5000" doc:"Empty for the office above until it looked at the item with a reason"`
	Why        Why                  `json:"why" db:"why"`
	State      State                `json:"state" db:"state"`
	ClosedOn   inspection.Day       `json:"closed_on" db:"closed_on"`
	Purpose    string               `json:"purpose" db:"purpose" maxLength:"200" doc:"Why somebody read it, the last time"`
	LookedAt   *time.Time           `json:"looked_at" db:"looked_at"`
	LookedBy   string               `json:"looked_by" db:"looked_by" maxLength:"100"`
	Fact       string               `json:"fact" db:"fact" maxLength:"2000" doc:"What is so"`
	DueOn      *inspection.Day      `json:"due_on" nullable:"true" db:"due_on" doc:"The new last day of what is reopened"`
	DecidedBy  string               `json:"decided_by" db:"decided_by" maxLength:"100"`
	DecidedAt  *time.Time           `json:"decided_at" db:"decided_at"`
	Lapse      string               `json:"lapse" db:"lapse" maxLength:"500" doc:"Why it was not reopened"`
	CarriedAt  *time.Time           `json:"carried_at" db:"carried_at"`
	Version    int                  `json:"version" db:"version" minimum:"1" maximum:"2147483647" doc:"Goes into If-Match"`
	Allowed    []Action             `json:"allowed" db:"-" nullable:"false" maxItems:"10" doc:"What you may do next"`

	Tenant   tenants.ID `json:"-" db:"tenant_id"`
	IssuerID tenants.ID `json:"-" db:"issuer"`
}

const itemColumns = `i.tenant_id, i.issuer, i.id, i.sample_id, s.name as sample_name, a.short as issuer_name, o.slug as office,
	o.name as office_name, i.finding_id, f.number, u.name as unit_name, f.text as problem, i.why, i.state, i.closed_on, i.purpose,
	i.looked_at, i.looked_by, i.fact, i.due_on, i.decided_by, i.decided_at, i.lapse, i.carried_at, i.version`

const itemTables = `sample_items i
	join samples s on (s.tenant_id, s.id) = (i.tenant_id, i.sample_id)
	join tenants a on a.id = i.issuer
	join tenants o on o.id = i.tenant_id
	join findings f on (f.tenant_id, f.id) = (i.tenant_id, i.finding_id)
	join units u on (u.tenant_id, u.id) = (f.tenant_id, f.unit_id)`

// side is where an office stands.
func (i Item) side(office tenants.ID) tenants.Side {
	if office == i.Tenant {
		return own
	}
	return above
}

// see fills in what follows from who looks. What nobody above has given a reason for
// reading is not shown there.
func (i *Item) see(s tenants.Scope) {
	i.Allowed = items.Allowed(i.State, s.Role(), i.side(s.Tenant()))
	if i.side(s.Tenant()) == above && i.LookedAt == nil {
		i.Problem = ""
	}
}

func (i Item) entry(office tenants.ID, action, title, text string, before any) tenants.Entry {
	return tenants.Entry{
		Office: office, Action: "sample." + action, Object: "finding", ID: i.Finding.UUID, Before: before, After: i,
		Detail: tenants.Detail{Title: title, Text: text, Number: i.Number},
	}
}

// parts is the part of each draw that the scope's office has a hand in, an office a row.
const parts = `
	select s.id, s.name, a.short as issuer_name, s.closed_from, s.closed_to, s.share, s.seed, s.drawn_at, s.drawn_by,
		o.slug as office, o.name as office_name, s.pool, cardinality(s.pool) as lots, n."all", n.waiting, n.confirmed, n.refuted
	from samples s
	join tenants a on a.id = s.issuer
	join tenants o on o.id = s.tenant_id
	cross join lateral (
		select count(*)::int as "all", count(*) filter (where i.state = 'drawn')::int as waiting,
			count(*) filter (where i.state = 'confirmed')::int as confirmed,
			count(*) filter (where i.state in ('refuted', 'reopened', 'lapsed'))::int as refuted
		from sample_items i where i.tenant_id = s.tenant_id and i.sample_id = s.id) n
	where `

// partsOf reads parts and puts those of one draw together, the latest draw first.
func partsOf(ctx context.Context, tx *tenants.Tx, where string, args pgx.StrictNamedArgs) ([]Sample, error) {
	rows, _ := tx.Query(ctx, parts+tx.Scope().Rows("s")+where+` order by s.drawn_at desc, s.id, o.code`, args)
	type row struct {
		Sample
		Part `json:"-"`
	}
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[row])
	if err != nil {
		return nil, fmt.Errorf("list samples: %w", err)
	}
	all := []Sample{}
	for _, r := range found {
		if n := len(all); n == 0 || all[n-1].ID != r.ID {
			r.Items, r.Parts = []Item{}, []Part{}
			all = append(all, r.Sample)
		}
		last := &all[len(all)-1]
		last.Parts = append(last.Parts, r.Part)
		last.Counts.All += r.Part.All
		last.Counts.Waiting += r.Part.Waiting
		last.Counts.Confirmed += r.Part.Confirmed
		last.Counts.Refuted += r.Part.Refuted
	}
	return all, nil
}

// listed is how many draws the list goes back.
const listed = 200

// List lists the draws of the caller's office and those that were made above in it,
// the latest first.
func (s *Service) List(ctx context.Context, scope tenants.Scope) (all []Sample, err error) {
	err = s.DB.Read(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		all, err = partsOf(ctx, tx, ` and s.id in (
			select d.id from samples d where `+tx.Scope().Rows("d")+` group by d.id order by max(d.drawn_at) desc limit @limit)`,
			pgx.StrictNamedArgs{"limit": listed})
		for i := range all {
			for j := range all[i].Parts {
				all[i].Parts[j].Pool = []string{}
			}
		}
		return err
	})
	return all, err
}

// Get returns one draw with its items.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id ID) (one Sample, err error) {
	err = s.DB.Read(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		one, err = get(ctx, tx, id)
		return err
	})
	return one, err
}

func get(ctx context.Context, tx *tenants.Tx, id ID) (Sample, error) {
	args := pgx.StrictNamedArgs{"id": id}
	all, err := partsOf(ctx, tx, ` and s.id = @id`, args)
	if err != nil {
		return Sample{}, err
	}
	if len(all) == 0 {
		return Sample{}, tenants.ErrUnknown
	}
	all[0].Items, err = itemsOf(ctx, tx, ` and i.sample_id = @id order by i.state <> 'drawn', o.code, f.number`, args)
	return all[0], err
}

// Of lists what samples came to for one item, the latest first. It is for the offices
// that have a hand in it; to all others there is nothing.
func (s *Service) Of(ctx context.Context, scope tenants.Scope, id inspection.FindingID) (all []Item, err error) {
	err = s.DB.Read(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		all, err = itemsOf(ctx, tx, ` and i.finding_id = @id order by s.drawn_at desc`, pgx.StrictNamedArgs{"id": id})
		return err
	})
	return all, err
}

func itemsOf(ctx context.Context, tx *tenants.Tx, where string, args pgx.StrictNamedArgs) ([]Item, error) {
	rows, _ := tx.Query(ctx, `select `+itemColumns+` from `+itemTables+` where `+tx.Scope().Rows("i")+where, args)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Item])
	if err != nil {
		return nil, fmt.Errorf("list items of sample: %w", err)
	}
	for i := range all {
		all[i].see(tx.Scope())
	}
	return all, nil
}

// Tasks returns the draws of the caller's office with items that nobody has said
// anything about yet. tx reaches the offices below.
func (s *Service) Tasks(ctx context.Context, tx *tenants.Tx) ([]inspection.Task, error) {
	if !tx.Scope().Role().Above() {
		return nil, nil
	}
	all, err := partsOf(ctx, tx, ` and s.issuer = current_setting('app.tenant')::int
		and exists (select from sample_items i where (i.tenant_id, i.sample_id, i.state) = (s.tenant_id, s.id, 'drawn'))`, pgx.StrictNamedArgs{})
	var tasks []inspection.Task
	for _, d := range all {
		tasks = append(tasks, inspection.Task{
			Verb: "核查", Title: fmt.Sprintf("%s：%d 项待核查", d.Name, d.Counts.Waiting), Kind: "sample", ID: d.ID.UUID,
			Source: d.Parts[0].Name, By: d.DrawnBy, Since: d.DrawnAt,
		})
	}
	return tasks, err
}
