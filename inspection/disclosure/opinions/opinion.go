package opinions

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/disclosure/privacy"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/doubts"
	"xuncha/tenants"
)

// Opinion is one opinion, as the office sees it.
type Opinion struct {
	ID       inspection.OpinionID `json:"id" db:"id"`
	Number   string               `json:"number" db:"number" maxLength:"40"`
	Notice   string               `json:"notice" db:"notice" maxLength:"40" doc:"Index number of the page that it is about"`
	Text     string               `json:"text" db:"text" maxLength:"500" doc:"As it was said; nobody changes it"`
	Name     string               `json:"name" db:"name" maxLength:"20" doc:"What the writer wants to be called; may be empty"`
	Unit     inspection.UnitID    `json:"unit" db:"unit_id"`
	UnitName string               `json:"unit_name" db:"unit_name" maxLength:"200"`
	Item     *int                 `json:"item" nullable:"true" db:"item_no" minimum:"1" maximum:"1000" doc:"Which finding of the page the writer chose; null: all of it"`
	NotFixed bool                 `json:"not_fixed" db:"not_fixed" doc:"Says that what is called done is not"`
	MayShow  bool                 `json:"may_show" db:"may_show" doc:"The writer agrees to publication"`
	At       time.Time            `json:"at" db:"at"`

	State     State                 `json:"state" db:"state"`
	Finding   *inspection.FindingID `json:"finding" nullable:"true" db:"finding_id"`
	FindingNo string                `json:"finding_number" db:"finding_number" maxLength:"40"`
	Doubt     *inspection.DoubtID   `json:"doubt" nullable:"true" db:"doubt_id" doc:"The signal of doubt that it led to"`
	Reason    Reason                `json:"reason" db:"reason" doc:"Why it is not shown"`
	Note      string                `json:"note" db:"note" maxLength:"200" doc:"For the office"`
	PassedTo  string                `json:"passed_to" db:"passed_to" maxLength:"50"`
	Merged    *inspection.OpinionID `json:"merged_into" nullable:"true" db:"merged_into"`
	ShownName string                `json:"shown_name" db:"shown_name" maxLength:"20"`
	Shown     string                `json:"shown" db:"shown" maxLength:"1500" doc:"What the public reads; empty unless it is shown"`
	DecidedAt *time.Time            `json:"decided_at" nullable:"true" db:"decided_at"`
	DecidedBy string                `json:"decided_by" db:"decided_by" maxLength:"100"`
	Reply     string                `json:"reply" db:"reply" maxLength:"500"`
	RepliedAt *time.Time            `json:"replied_at" nullable:"true" db:"replied_at"`
	RepliedBy string                `json:"replied_by" db:"replied_by" maxLength:"100"`
	Version   int                   `json:"version" db:"version" minimum:"1" maximum:"2147483647" doc:"Goes into If-Match"`

	DueOn    *inspection.Day `json:"due_on" nullable:"true" db:"-" doc:"By when to decide, or to answer; null if neither is asked"`
	Late     bool            `json:"late" db:"-"`
	Hits     []Hit           `json:"hits" db:"-" nullable:"false" maxItems:"100" doc:"Personal data in it"`
	Proposed string          `json:"proposed" db:"-" maxLength:"1500" doc:"The text without that data; ends of what is left out are marked"`
	Allowed  []Action        `json:"allowed" db:"-" nullable:"false" maxItems:"10" doc:"What you may do next"`
}

// Hit is a piece of personal data in what was said.
type Hit struct {
	Field  string        `json:"field" enum:"name,text"`
	Kind   privacy.Kind  `json:"kind"`
	Word   string        `json:"word" maxLength:"20"`
	Level  privacy.Level `json:"level"`
	Reason string        `json:"reason" maxLength:"200"`
}

// columns of an opinion.
const columns = `o.id, o.number, o.notice, o.text, o.name, o.unit_id, u.name as unit_name, o.item_no, o.not_fixed, o.may_show, o.at,
	o.state, o.finding_id, coalesce(f.number, '') as finding_number, o.doubt_id, o.reason, o.note, o.passed_to, o.merged_into,
	o.shown_name, o.shown, o.decided_at, o.decided_by, o.reply, o.replied_at, o.replied_by, o.version`

const tables = ` public_opinions o
	join units u on u.tenant_id = o.tenant_id and u.id = o.unit_id
	left join findings f on f.tenant_id = o.tenant_id and f.id = o.finding_id`

// Service does what the office asks of opinions.
type Service struct {
	DB       *tenants.DB
	Clock    inspection.Clock
	Calendar *inspection.Calendar
	Doubts   *doubts.Service        // what says that something is not put right is a signal there
	Cases    *rectification.Service // which carry the mark 有群众意见
}

// see fills in what follows from who looks, and when.
func (o *Opinion) see(scope tenants.Scope, due func(Opinion) *inspection.Day, today inspection.Day) {
	o.Allowed, o.Hits = life.Allowed(o.State, scope.Role()), []Hit{}
	for _, said := range []struct{ field, text string }{{"text", o.Text}, {"name", o.Name}} {
		for _, h := range privacy.Scan(said.text) {
			o.Hits = append(o.Hits, Hit{Field: said.field, Kind: h.Kind, Word: h.Kind.Name(), Level: h.Level, Reason: h.Reason})
		}
	}
	o.Proposed = proposed(o.Text)
	if o.DueOn = due(*o); o.DueOn != nil {
		o.Late = *o.DueOn < today
	}
}

// dues returns by when an opinion is decided on or answered, by the office's policy.
func (s *Service) dues(ctx context.Context, tx *tenants.Tx) (func(Opinion) *inspection.Day, error) {
	policy, err := tenants.PolicyOf(ctx, tx)
	if err != nil {
		return nil, err
	}
	return func(o Opinion) *inspection.Day {
		days := policy.OpinionAnswerDays
		switch {
		case o.State == Waiting:
			days = policy.OpinionDecideDays
		case o.State == Merged || o.Reply != "" || !o.Reason.meant():
			return nil
		}
		due, _ := s.Calendar.Add(inspection.DayOf(o.At), days)
		return &due
	}, nil
}

// seen completes an opinion for who looks at it.
func (s *Service) seen(ctx context.Context, tx *tenants.Tx, o Opinion) (Opinion, error) {
	due, err := s.dues(ctx, tx)
	if err != nil {
		return o, err
	}
	o.see(tx.Scope(), due, s.Clock.Today())
	return o, nil
}

// Get returns one opinion of the own office.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id inspection.OpinionID) (o Opinion, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		if o, err = find(ctx, tx, id); err != nil {
			return err
		}
		o, err = s.seen(ctx, tx, o)
		return err
	})
	return o, err
}

func find(ctx context.Context, tx *tenants.Tx, id inspection.OpinionID) (Opinion, error) {
	rows, _ := tx.Query(ctx, `
		select `+columns+` from`+tables+`
		where `+tenants.Own("o")+` and o.id = @id`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Opinion]))
}

// lock returns an opinion and keeps others from changing it.
func lock(ctx context.Context, tx *tenants.Tx, id inspection.OpinionID) (Opinion, error) {
	_, err := tx.Exec(ctx, `select from public_opinions o where `+tenants.Own("o")+` and o.id = @id for update`, pgx.StrictNamedArgs{"id": id})
	if err != nil {
		return Opinion{}, fmt.Errorf("lock opinion: %w", err)
	}
	return find(ctx, tx, id)
}

// Filter says which opinions a list holds; the zero Filter all.
type Filter struct {
	States   []State
	Notice   string
	NotFixed *bool
	Cursor   string
	Limit    int
}

// List returns a page of the own office's opinions, the latest first.
func (s *Service) List(ctx context.Context, scope tenants.Scope, f Filter) (p inspection.Page[Opinion], err error) {
	args := pgx.NamedArgs{"states": f.States, "notice": f.Notice, "not_fixed": f.NotFixed, "limit": f.Limit + 1}
	where := tenants.Own("o") + ` and (coalesce(cardinality(@states::text[]), 0) = 0 or o.state = any(@states))
		and (@notice = '' or o.notice = @notice) and (@not_fixed::boolean is null or o.not_fixed = @not_fixed)`
	after, err := f.after(args)
	if err != nil {
		return p, err
	}
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		due, err := s.dues(ctx, tx)
		if err != nil {
			return err
		}
		rows, _ := tx.Query(ctx, `
			select `+columns+`, (select count(*) from public_opinions o where `+where+`) as total
			from`+tables+` where `+where+after+`
			order by o.at desc, o.id desc limit @limit`, args)
		type counted struct {
			Opinion
			Total int `db:"total"`
		}
		found, err := pgx.CollectRows(rows, pgx.RowToStructByName[counted])
		if err != nil {
			return fmt.Errorf("list opinions: %w", err)
		}
		p.Items = []Opinion{}
		for _, row := range found {
			row.see(scope, due, s.Clock.Today())
			p.Items, p.Total = append(p.Items, row.Opinion), row.Total
		}
		p.Cut(f.Limit, func(o Opinion) string { return o.At.UTC().Format(time.RFC3339Nano) + " " + o.ID.String() })
		return nil
	})
	return p, err
}

// after says where the page begins.
func (f Filter) after(args pgx.NamedArgs) (string, error) {
	if f.Cursor == "" {
		return "", nil
	}
	at, id, _ := strings.Cut(f.Cursor, " ")
	when, err := time.Parse(time.RFC3339Nano, at)
	if err != nil {
		return "", inspection.Errorf(inspection.Invalid, "bad-cursor", "翻页位置已失效，请从第一页重新查看。")
	}
	args["at"] = when
	if args["id"], err = inspection.ParseID[inspection.OpinionID](id); err != nil {
		return "", err
	}
	return ` and (o.at, o.id) < (@at, @id)`, nil
}

// Counted is how many opinions one office has. It is all that a level above learns.
type Counted struct {
	Office     string `json:"office" db:"slug" maxLength:"41"`
	Name       string `json:"name" db:"name" maxLength:"100"`
	Received   int    `json:"received" db:"received" minimum:"0" maximum:"10000000"`
	Waiting    int    `json:"waiting" db:"waiting" minimum:"0" maximum:"10000000"`
	Featured   int    `json:"featured" db:"featured" minimum:"0" maximum:"10000000"`
	Unanswered int    `json:"unanswered" db:"unanswered" minimum:"0" maximum:"10000000"`
	NotFixed   int    `json:"not_fixed" db:"not_fixed" minimum:"0" maximum:"10000000" doc:"That say that something is not put right"`
	Doubts     int    `json:"doubts" db:"doubts" minimum:"0" maximum:"10000000" doc:"That led to a signal of doubt"`
}

// Counts returns the numbers of the own office and, for a level above, of those below
// it, in the order of their region codes. It counts and reads no row.
func (s *Service) Counts(ctx context.Context, scope tenants.Scope) (cs []Counted, err error) {
	err = s.DB.Read(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select t.slug, t.name, c.received, c.waiting, c.featured, c.unanswered, c.not_fixed, c.doubts
			from sec.opinion_counts() c join tenants t on t.id = c.office
			order by t.code`)
		if cs, err = pgx.CollectRows(rows, pgx.RowToStructByName[Counted]); err != nil {
			return fmt.Errorf("count opinions: %w", err)
		}
		return nil
	})
	return cs, err
}

// Candidate is a finding that an opinion may be about: one of its page.
type Candidate struct {
	ID     inspection.FindingID `json:"id" db:"finding_id"`
	No     int                  `json:"no" db:"no" minimum:"1" maximum:"1000" doc:"On the page"`
	Number string               `json:"number" db:"number" maxLength:"40"`
	Title  string               `json:"title" db:"title" maxLength:"200"`
}

// Candidates lists the findings of an opinion's page, in its order.
func (s *Service) Candidates(ctx context.Context, scope tenants.Scope, id inspection.OpinionID) (cs []Candidate, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		o, err := find(ctx, tx, id)
		if err != nil {
			return err
		}
		cs, err = candidates(ctx, tx, o)
		return err
	})
	return cs, err
}

// candidates reads them from the edition that the writer read. Findings are counted as
// the page counts them: those that are withheld do not count.
func candidates(ctx context.Context, tx *tenants.Tx, o Opinion) ([]Candidate, error) {
	rows, _ := tx.Query(ctx, `
		select i.finding_id, row_number() over (order by i.seq, i.finding_id)::int as no, f.number, i.title
		from public_opinions o
		join disclosures d on d.tenant_id = o.tenant_id and d.number = o.notice
		join disclosure_items i on i.tenant_id = d.tenant_id and i.disclosure_id = d.id and i.edition = o.edition
		join findings f on f.tenant_id = i.tenant_id and f.id = i.finding_id
		where `+tenants.Own("o")+` and o.id = @id and i.withheld = '' and not i.gone
		order by no`, pgx.StrictNamedArgs{"id": o.ID})
	cs, err := pgx.CollectRows(rows, pgx.RowToStructByName[Candidate])
	if err != nil {
		return nil, fmt.Errorf("findings of page: %w", err)
	}
	return cs, nil
}
