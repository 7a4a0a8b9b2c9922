package disclosure

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Reader answers what the public asks. Its database logs in as the public's
// login, which has no right on anything that was not published.
type Reader struct{ DB *tenants.DB }

// Head is a publication in a list.
type Head struct {
	Tenant      tenants.ID `db:"tenant_id"`
	Number      string     `db:"number"`
	Edition     int        `db:"edition"`
	Title       string     `db:"title"`
	UnitName    string     `db:"unit_name"`
	UnitKind    string     `db:"unit_kind"`
	RoundName   string     `db:"round_name"`
	RoundTerm   int        `db:"round_term"`
	RoundSeq    int        `db:"round_seq"`
	Year        int        `db:"year"`
	Findings    int        `db:"findings"`
	Done        int        `db:"done"`
	LongTerm    int        `db:"long_term"`
	Ongoing     int        `db:"ongoing"`
	Withheld    int        `db:"withheld"`
	Note        string     `db:"note"`
	PublishedAt time.Time  `db:"published_at"`
}

const headColumns = `tenant_id, number, edition, title, unit_name, unit_kind, round_name, round_term, round_seq, year,
	findings, done, long_term, ongoing, withheld, note, published_at`

// Publication is what is published under one number.
type Publication struct {
	Head
	Data          []byte         `db:"data"`    // canonical JSON
	Article       []byte         `db:"article"` // HTML
	Digest        []byte         `db:"digest"`
	OpinionsUntil inspection.Day `db:"opinions_until"`

	Editions   []Head       `db:"-"` // that may be read, newest first
	Retracted  []Retracted  `db:"-"` // earlier withdrawals of this page
	Superseded bool         `db:"superseded"`
	Previous   *Publication `db:"-"` // what this edition corrects, if it may be read
}

// Retracted says that something was taken back.
type Retracted struct {
	Number  string    `db:"number"`
	Edition int       `db:"edition"`
	At      time.Time `db:"at"`
	Reason  string    `db:"reason"`
}

// Error makes a retraction the answer to the question for its page.
func (r *Retracted) Error() string { return r.Number + " was withdrawn" }

// Totals are the numbers of one office's publications.
type Totals struct {
	Tenant   tenants.ID `db:"tenant_id"`
	Texts    int        `db:"texts"`
	Findings int        `db:"findings"`
	Open     int        `db:"open"` // long-term and ongoing
}

func (r Reader) heads(ctx context.Context, office tenants.Tenant, sql string, args pgx.StrictNamedArgs) (hs []Head, err error) {
	err = r.DB.In(ctx, tenants.ForPublic(office), func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, sql, args)
		hs, err = pgx.CollectRows(rows, pgx.RowToStructByName[Head])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list publications: %w", err)
	}
	return hs, nil
}

// Latest lists the last n publications of an office and of those below it.
func (r Reader) Latest(ctx context.Context, office tenants.Tenant, n int) ([]Head, error) {
	return r.heads(ctx, office, `
		select `+headColumns+` from publications p
		where `+tenants.Reach("p")+` and superseded_at is null
		order by published_at desc, number
		limit @n`, pgx.StrictNamedArgs{"n": n})
}

// All lists what an office and those below it publish, by region code and number:
// at most 50,000, which no province has yet.
func (r Reader) All(ctx context.Context, office tenants.Tenant) ([]Head, error) {
	return r.heads(ctx, office, `
		select `+headColumns+` from publications p
		where `+tenants.Reach("p")+` and superseded_at is null
		order by tenant_id, number
		limit @n`, pgx.StrictNamedArgs{"n": 50_000})
}

// Totals counts the publications of an office and of each below it.
func (r Reader) Totals(ctx context.Context, office tenants.Tenant) (of map[tenants.ID]Totals, err error) {
	of = map[tenants.ID]Totals{}
	err = r.DB.In(ctx, tenants.ForPublic(office), func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select tenant_id, count(*) as texts, sum(findings) as findings, sum(long_term + ongoing) as open
			from publications p
			where `+tenants.Reach("p")+` and superseded_at is null
			group by tenant_id`)
		all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Totals])
		for _, t := range all {
			of[t.Tenant] = t
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("count publications: %w", err)
	}
	return of, nil
}

// Query says which publications of one office a list holds; zero values do not
// narrow it.
type Query struct {
	Term, Seq int    // of the round
	Kind      string // of the unit
	Year      int
	Words     string // in title or unit
	Skip      int
	Limit     int
}

// Listing is one page of a list, and what it can be narrowed to.
type Listing struct {
	Heads  []Head
	Total  int
	Rounds []Head // one head for each round that has publications
	Years  []int
	Kinds  []string
}

// List returns a page of one office's own publications, newest first.
func (r Reader) List(ctx context.Context, office tenants.Tenant, q Query) (l Listing, err error) {
	err = r.DB.In(ctx, tenants.ForPublic(office), func(tx *tenants.Tx) error {
		if err := l.facets(ctx, tx); err != nil {
			return err
		}
		where := tenants.Own("p") + ` and superseded_at is null
			and (@term = 0 or round_term = @term) and (@seq = 0 or round_seq = @seq)
			and (@kind = '' or unit_kind = @kind) and (@year = 0 or year = @year)
			and (@words = '' or strpos(lower(title || ' ' || unit_name || ' ' || number), @words) > 0)`
		args := pgx.StrictNamedArgs{
			"term": q.Term, "seq": q.Seq, "kind": q.Kind, "year": q.Year, "words": strings.ToLower(q.Words),
		}
		if err := tx.QueryRow(ctx, `select count(*) from publications p where `+where, args).Scan(&l.Total); err != nil {
			return err
		}
		args["skip"], args["limit"] = q.Skip, q.Limit
		rows, _ := tx.Query(ctx, `
			select `+headColumns+` from publications p
			where `+where+`
			order by published_at desc, number
			offset @skip limit @limit`, args)
		l.Heads, err = pgx.CollectRows(rows, pgx.RowToStructByName[Head])
		return err
	})
	if err != nil {
		return Listing{}, fmt.Errorf("list publications: %w", err)
	}
	return l, nil
}

// facets reads what the office's publications can be narrowed to.
func (l *Listing) facets(ctx context.Context, tx *tenants.Tx) error {
	rows, _ := tx.Query(ctx, `
		select distinct on (round_term, round_seq) `+headColumns+` from publications p
		where `+tenants.Own("p")+` and superseded_at is null
		order by round_term desc, round_seq desc`)
	var err error
	if l.Rounds, err = pgx.CollectRows(rows, pgx.RowToStructByName[Head]); err != nil {
		return err
	}
	rows, _ = tx.Query(ctx, `
		select distinct year from publications p
		where `+tenants.Own("p")+` and superseded_at is null
		order by year desc`)
	if l.Years, err = pgx.CollectRows(rows, pgx.RowTo[int]); err != nil {
		return err
	}
	rows, _ = tx.Query(ctx, `
		select distinct unit_kind from publications p
		where `+tenants.Own("p")+` and superseded_at is null
		order by unit_kind`)
	l.Kinds, err = pgx.CollectRows(rows, pgx.RowTo[string])
	return err
}

// Page returns what is published under a number; edition 0 is the newest. What
// was taken back is a [Retracted] error, everything else that cannot be read is
// not found.
func (r Reader) Page(ctx context.Context, office tenants.Tenant, number string, edition int) (p Publication, err error) {
	err = r.DB.In(ctx, tenants.ForPublic(office), func(tx *tenants.Tx) error {
		all, err := publicationsOf(ctx, tx, number)
		if err != nil {
			return err
		}
		taken, err := retractionsOf(ctx, tx, number)
		if err != nil {
			return err
		}
		if len(all) == 0 || all[0].Superseded { // the newest edition was withdrawn
			if len(taken) > 0 {
				return &taken[0]
			}
			return inspection.Errorf(inspection.NotFound, "not-found", "没有找到，或你没有查看权限。")
		}
		p, err = pick(all, edition)
		p.Retracted = taken
		return err
	})
	return p, err
}

func pick(all []Publication, edition int) (Publication, error) {
	for i, p := range all {
		if edition != 0 && p.Edition != edition {
			continue
		}
		if !bytes.Equal(Digest(p.Data, p.Article), p.Digest) {
			return Publication{}, errors.New("a publication was changed after it was written")
		}
		if i+1 < len(all) && all[i+1].Edition == p.Edition-1 {
			p.Previous = new(all[i+1])
		}
		for _, e := range all {
			p.Editions = append(p.Editions, e.Head)
		}
		return p, nil
	}
	return Publication{}, inspection.Errorf(inspection.NotFound, "not-found", "没有找到，或你没有查看权限。")
}

func publicationsOf(ctx context.Context, tx *tenants.Tx, number string) ([]Publication, error) {
	rows, _ := tx.Query(ctx, `
		select `+headColumns+`, data, article, digest, opinions_until, superseded_at is not null as superseded
		from publications p
		where `+tenants.Own("p")+` and number = @number
		order by edition desc`, pgx.StrictNamedArgs{"number": number})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Publication])
	if err != nil {
		return nil, fmt.Errorf("read publication: %w", err)
	}
	return all, nil
}

func retractionsOf(ctx context.Context, tx *tenants.Tx, number string) ([]Retracted, error) {
	rows, _ := tx.Query(ctx, `
		select number, edition, at, reason from withdrawals w
		where `+tenants.Own("w")+` and number = @number
		order by at desc`, pgx.StrictNamedArgs{"number": number})
	taken, err := pgx.CollectRows(rows, pgx.RowToStructByName[Retracted])
	if err != nil {
		return nil, fmt.Errorf("read withdrawals: %w", err)
	}
	return taken, nil
}

// Marks says of each office at and below top how much was published and taken
// back, and when last: while a mark stays the same, so do the office's pages.
func (r Reader) Marks(ctx context.Context, top tenants.Tenant) (map[tenants.ID]string, error) {
	marks := map[tenants.ID]string{}
	err := r.DB.In(ctx, tenants.ForPublic(top), func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select tenant_id, count(*) || ' ' || max(at)
			from (
				select tenant_id, published_at as at from publications p where `+tenants.Reach("p")+`
				union all
				select tenant_id, at from withdrawals w where `+tenants.Reach("w")+`) changes
			group by tenant_id`)
		var id tenants.ID
		var mark string
		_, err := pgx.ForEachRow(rows, []any{&id, &mark}, func() error { marks[id] = mark; return nil })
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read marks: %w", err)
	}
	return marks, nil
}

// Numbers lists the numbers of one office's pages, the withdrawn ones too, latest
// first.
func (r Reader) Numbers(ctx context.Context, office tenants.Tenant) (ns []string, err error) {
	err = r.DB.In(ctx, tenants.ForPublic(office), func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select number from (
				select number, published_at as at from publications p where `+tenants.Own("p")+`
				union all
				select number, at from withdrawals w where `+tenants.Own("w")+`) pages
			group by number
			order by max(at) desc`)
		ns, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list numbers: %w", err)
	}
	return ns, nil
}
