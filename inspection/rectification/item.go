package rectification

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// ItemPage is everything about one item that the caller may see.
type ItemPage struct {
	Item
	Files       []Evidence   `json:"files" nullable:"false" maxItems:"1000"`
	Submissions []Submission `json:"submissions" nullable:"false" maxItems:"1000" doc:"Each handing-in with its opinions, the latest first"`
	Draft       *Draft       `json:"return_draft,omitempty" doc:"For who sends the return: all reasons of all parties, to be edited"`
	Lineage     []Link       `json:"lineage" nullable:"false" maxItems:"200" doc:"同类问题、上级通报、上报事项、群众意见"`
}

// Draft is the consolidated return as the parties' opinions suggest it.
type Draft struct {
	Reasons []Reason `json:"reasons" nullable:"false" maxItems:"8"`
	Letter  string   `json:"letter" maxLength:"20000"`
}

// Read returns one item. Reading another office's item leaves an entry in that
// office's journal.
func (s *Service) Read(ctx context.Context, scope tenants.Scope, id inspection.FindingID) (p ItemPage, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		row, err := p.read(ctx, tx, id)
		if err != nil {
			return err
		}
		p.Item.Case = row.Case
		p.finish(row, scope, s.Clock.Today())
		if row.TenantID != scope.Tenant() {
			tx.Journal(tenants.Entry{
				Office: row.TenantID, Action: "rectification.read-above", Object: "finding", ID: id.UUID,
				Detail: tenants.Detail{Title: "上级查看", Number: row.Number},
			})
		}
		if s.Lineage == nil {
			return nil
		}
		links, err := s.Lineage(ctx, tx, id)
		p.Lineage = append(p.Lineage, links...) // a list also when there are none
		return err
	})
	return p, err
}

// read reads the item and its measures in one round trip, and in another what
// only a case has that was handed in, or is about to be.
func (p *ItemPage) read(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) (row itemRow, err error) {
	p.Files, p.Submissions = []Evidence{}, []Submission{}
	args := pgx.StrictNamedArgs{"id": id}
	err = batched(ctx, tx, func(b *pgx.Batch) {
		b.Queue(`select `+plainColumns+` from `+plainTables+`
			where `+tx.Scope().Rows("r")+` and r.finding_id = @id and r.withdrawn_at is null`, args)
		b.Queue(measuresQuery(tx.Scope()), pgx.StrictNamedArgs{"ids": []inspection.FindingID{id}})
	}, func(results pgx.BatchResults) error {
		rows, _ := results.Query()
		if row.plainRow, err = tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[plainRow])); err != nil {
			return err
		}
		p.Measures, err = next[Measure](results)
		return err
	})
	if err != nil || row.Submission == 0 && row.Evidence == 0 {
		return row, err
	}
	err = batched(ctx, tx, func(b *pgx.Batch) {
		b.Queue(`select `+evidenceColumns+` from evidence e
			where `+tx.Scope().Rows("e")+` and e.finding_id = @id and e.withdrawn_at is null
			order by e.at, e.id`, args)
		b.Queue(`select `+submissionColumns+` from submissions s
			where `+tx.Scope().Rows("s")+` and s.finding_id = @id
			order by s.n desc`, args)
		b.Queue(opinionsQuery, args)
	}, p.handedIn)
	for _, sub := range p.Submissions {
		if row.State == Submitted && sub.N == row.Submission {
			row.Parties, row.Given, row.ReviewBy, row.Agreed = sub.Parties, sub.Given, &sub.DueOn, sub.Agreed
		}
	}
	return row, err
}

// handedIn takes the evidence, the submissions and the opinions on each.
func (p *ItemPage) handedIn(results pgx.BatchResults) (err error) {
	if p.Files, err = next[Evidence](results); err != nil {
		return err
	}
	if p.Submissions, err = next[Submission](results); err != nil {
		return err
	}
	opinions, err := next[Opinion](results)
	for i := range p.Submissions {
		sub := &p.Submissions[i]
		sub.Opinions = []Opinion{}
		for _, o := range opinions {
			if o.Submission == sub.N {
				sub.Opinions = append(sub.Opinions, o)
			}
		}
	}
	return err
}

// batched sends statements in one round trip and takes their results in turn.
func batched(ctx context.Context, tx *tenants.Tx, queue func(*pgx.Batch), take func(pgx.BatchResults) error) (err error) {
	var b pgx.Batch
	queue(&b)
	results := tx.SendBatch(ctx, &b)
	defer func() {
		if closing := results.Close(); err == nil && closing != nil {
			err = fmt.Errorf("read item: %w", closing)
		}
	}()
	return take(results)
}

func next[T any](results pgx.BatchResults) ([]T, error) {
	rows, _ := results.Query()
	vs, err := pgx.CollectRows(rows, pgx.RowToStructByName[T])
	if err != nil {
		return nil, fmt.Errorf("read item: %w", err)
	}
	return vs, nil
}

// finish fills in what follows from who looks.
func (p *ItemPage) finish(row itemRow, scope tenants.Scope, today inspection.Day) {
	measures := p.Measures
	p.Item = row.item(scope, today)
	p.Measures, p.Lineage = measures, []Link{}
	for i := range p.Files {
		p.Files[i].see(scope, p.FeedbackOn)
	}
	if slices.Contains(p.Allowed, Return) && len(p.Submissions) > 0 {
		p.Draft = draftReturn(p.Submissions[0].Opinions)
	}
}

// draftReturn gathers what the parties want mended: each reason once, each note
// under its party.
func draftReturn(opinions []Opinion) *Draft {
	d := &Draft{Reasons: []Reason{}}
	var lines []string
	for _, o := range opinions {
		if o.Verdict == Agree {
			continue
		}
		var reasons []string
		for _, r := range o.Reasons {
			if !slices.Contains(d.Reasons, r) {
				d.Reasons = append(d.Reasons, r)
			}
			reasons = append(reasons, r.Word())
		}
		text := strings.Join(reasons, "、")
		if o.Note != "" {
			text += "：" + o.Note
		}
		lines = append(lines, fmt.Sprintf("%d. %s", len(lines)+1, text))
	}
	d.Letter = strings.Join(lines, "\n")
	return d
}

// Event is one line of an item's timeline.
type Event struct {
	Seq      int64        `json:"seq" db:"seq" minimum:"1" maximum:"9007199254740991"`
	At       time.Time    `json:"at" db:"at"`
	Actor    string       `json:"actor" db:"actor_name" maxLength:"100"`
	Role     tenants.Role `json:"role" db:"role"`
	RoleName string       `json:"role_name" db:"-" maxLength:"20"`
	Action   string       `json:"action" db:"action" maxLength:"60" doc:"rectification.submit, measure.edit, reminder.send, …"`
	Title    string       `json:"title" db:"title" maxLength:"100" doc:"提交销号"`
	Text     string       `json:"text" db:"text" maxLength:"1000"`
}

// Timeline returns the latest acts on an item from the journal, before the entry
// with number before if that is not 0. People of the unit see what concerns the
// unit; the levels above see their own reading.
func (s *Service) Timeline(
	ctx context.Context, scope tenants.Scope, id inspection.FindingID, before int64, limit int,
) (events []Event, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		var seen bool
		err := tx.QueryRow(ctx, `
			select exists (select from rectifications r where `+scope.Rows("r")+` and finding_id = @id)`,
			pgx.StrictNamedArgs{"id": id}).Scan(&seen)
		if err != nil {
			return fmt.Errorf("look for item: %w", err)
		}
		if !seen {
			_, err := tenants.Found(0, pgx.ErrNoRows)
			return err
		}
		rows, _ := tx.Query(ctx, `
			select seq, at, actor_name, role, action, coalesce(detail ->> 'title', '') as title,
				case when action like 'evidence.note%' then regexp_replace(coalesce(detail ->> 'text', ''), '^(.*? 第 \d+ 页)：.*$', '\1')
				else coalesce(detail ->> 'text', '') end as text -- earlier entries on notes had the words, too
			from journal j
			where `+scope.Rows("j")+` and object_id = @id and action <> @reading and (@before = 0 or seq < @before)
			order by seq desc
			limit @limit`,
			pgx.StrictNamedArgs{"id": id, "before": before, "limit": limit, "reading": "evidence.read"})
		events, err = pgx.CollectRows(rows, pgx.RowToStructByName[Event])
		return err
	})
	for i := range events {
		events[i].RoleName = events[i].Role.Name()
	}
	return events, err
}
