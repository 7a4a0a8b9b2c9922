package rectification

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification/ledger"
	"xuncha/tenants"
)

// Imports brings the ledgers that units keep in Excel into the office's own.
//
// A file is read at once and shown to a person, who corrects the columns, answers
// what could not be understood and chooses per problem. Then a job writes problem
// by problem, each with all its measures or not at all, and says of every row
// what became of it. What stands in the office's ledger already is recognised by
// its content, so that the same ledger imported again changes nothing.
type Imports struct {
	DB    *tenants.DB
	Clock inspection.Clock
	Cases *Service // its Files keep the ledgers

	// Enqueue asks for [Imports.Step] to be called until there is no more, if tx
	// commits.
	Enqueue func(ctx context.Context, tx *tenants.Tx, id inspection.ImportID) error
}

// Import is one ledger that was uploaded.
type Import struct {
	ID         inspection.ImportID `json:"id" db:"id"`
	Unit       inspection.UnitID   `json:"unit" db:"unit_id"`
	UnitName   string              `json:"unit_name" db:"unit_name"`
	Round      inspection.RoundID  `json:"round" db:"round_id"`
	RoundName  string              `json:"round_name" db:"round_name"`
	FeedbackOn inspection.Day      `json:"feedback_on" db:"feedback_on" doc:"When feedback was given to the unit"`
	Issue      bool                `json:"issue" db:"issue" doc:"Issue what is added: the feedback was given"`
	FileName   string              `json:"file_name" db:"file_name"`
	Size       int64               `json:"size" db:"size"`
	State      ImportState         `json:"state" db:"state"`
	Total      int                 `json:"total" db:"total" doc:"Problems in the file"`
	Done       int                 `json:"done" db:"done" doc:"Problems that are accounted for"`
	Failure    string              `json:"failure" db:"failure" doc:"Why the job gave up"`
	MadeAt     time.Time           `json:"made_at" db:"made_at"`
	MadeBy     string              `json:"made_by" db:"made_by"`
	RanAt      *time.Time          `json:"ran_at" db:"ran_at"`
	RanBy      string              `json:"ran_by" db:"ran_by"`
	EndedAt    *time.Time          `json:"ended_at" db:"ended_at"`
	TakenAt    *time.Time          `json:"taken_at" db:"taken_at" doc:"When it was taken back"`
	TakenBy    string              `json:"taken_by" db:"taken_by"`
	Version    int                 `json:"version" db:"version" doc:"Goes into If-Match"`

	Reading   Overview          `json:"reading" db:"reading"`
	Options   ledger.Options    `json:"-" db:"options"` // how the file is read, where a person corrected it
	Questions []Asked           `json:"questions" db:"questions" nullable:"false" doc:"About rows that belong to no problem"`
	Answers   map[string]Answer `json:"-" db:"answers"`
	Said      map[string]int    `json:"-" db:"focuses"`

	Mapping    Mapping             `json:"mapping" db:"-" doc:"How the file is read, where a person corrected it"`
	Categories []CategoryFocus     `json:"categories" db:"-" nullable:"false"`
	Tally      map[RowResult]int   `json:"tally" db:"-" doc:"Problems by what became of them, or by what will"`
	Open       int                 `json:"open" db:"-" doc:"What is left to answer or to choose before it can run"`
	Earlier    *inspection.Day     `json:"earlier" db:"-" doc:"When this very file was imported before"`
	Allowed    []ImportAction      `json:"allowed" db:"-" nullable:"false"`
	Header     string              `json:"-" db:"header"` // as written
	Blob       string              `json:"-" db:"blob"`
	Member     inspection.MemberID `json:"-" db:"member_id"`
	KnownAt    *time.Time          `json:"-" db:"known_at"`
}

const importColumns = `i.id, i.unit_id, u.name as unit_name, i.round_id, d.name as round_name, i.feedback_on, i.issue, i.file_name,
	i.size, i.state, i.total, i.done, i.failure, i.made_at, i.made_by, i.ran_at, i.ran_by, i.ended_at, i.taken_at, i.taken_by,
	i.version, i.header, i.reading, i.options, i.questions, i.answers, i.focuses, i.blob, i.member_id, i.known_at`

const importJoins = `imports i
	join units u on (u.tenant_id, u.id) = (i.tenant_id, i.unit_id)
	join rounds d on (d.tenant_id, d.id) = (i.tenant_id, i.round_id)`

// Overview is what a reading says besides its problems.
type Overview struct {
	Totals   ledger.Totals    `json:"totals"`
	Sheets   []ledger.Sheet   `json:"sheets" nullable:"false"`
	Warnings []ledger.Warning `json:"warnings" nullable:"false"`
	Filled   []ledger.Filled  `json:"filled" nullable:"false" doc:"Merged cells whose content was filled down"`
	Skipped  []ledger.Skipped `json:"skipped" nullable:"false" doc:"Rows that are neither problem nor measure"`
	Columns  string           `json:"columns,omitempty" doc:"What is wrong with the columns; the person says which is which"`
}

// CategoryFocus says under which of the four focuses (四个聚焦) a category of the
// ledger falls.
type CategoryFocus struct {
	Category string `json:"category"`
	Focus    int    `json:"focus" minimum:"0" maximum:"4" doc:"0 until a person says"`
	Problems int    `json:"problems"`
}

// ImportRow is one problem of a ledger, with its measures.
type ImportRow struct {
	Seq       int            `json:"seq" db:"seq"`
	Problem   ledger.Problem `json:"problem" db:"problem" doc:"As the file says, with the answers put in"`
	Questions []Asked        `json:"questions" db:"questions" nullable:"false"`
	Choice    Choice         `json:"choice" db:"choice"`
	Result    RowResult      `json:"result" db:"result"`
	Reason    string         `json:"reason" db:"reason"`

	Finding *inspection.FindingID `json:"finding" db:"finding_id" doc:"What came of it, or what stands in the ledger already"`
	Number  string                `json:"number" db:"number" doc:"Its number"`

	Verdict     RowVerdict   `json:"verdict" db:"-" doc:"What the office's ledger has of it; empty once it is done"`
	Differences []Difference `json:"differences" db:"-" nullable:"false"`
	Choices     []Choice     `json:"choices" db:"-" nullable:"false" doc:"What may be chosen"`
	Wrong       string       `json:"wrong" db:"-" doc:"Why it cannot be imported; empty if it can"`

	Answers map[string]Answer `json:"-" db:"answers"`
	LeftAs  *leftAs           `json:"-" db:"left_as"`
	Before  *replaced         `json:"-" db:"before"`

	plan plan
}

const importRowColumns = `w.seq, w.problem, w.questions, w.choice, w.result, w.reason, w.finding_id, coalesce(f.number, '') as number,
	w.answers, w.left_as, w.before`

// importRowJoins leaves out rows past the end of the reading: there were more when
// the file was read otherwise.
const importRowJoins = `import_rows w
	join imports i on (i.tenant_id, i.id) = (w.tenant_id, w.import_id) and w.seq <= i.total
	left join findings f on (f.tenant_id, f.id) = (w.tenant_id, w.finding_id)`

// Get returns an import.
func (s *Imports) Get(ctx context.Context, scope tenants.Scope, id inspection.ImportID) (Import, error) {
	var im Import
	err := s.in(ctx, scope, func(tx *tenants.Tx) (err error) {
		if im, err = importByID(ctx, tx, id, ""); err != nil {
			return err
		}
		return s.look(ctx, tx, &im)
	})
	return im, err
}

// List returns the newest imports of the office.
func (s *Imports) List(ctx context.Context, scope tenants.Scope) ([]Import, error) {
	var all []Import
	err := s.in(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+importColumns+`
			from `+importJoins+`
			where `+tenants.Own("i")+`
			order by i.made_at desc, i.id
			limit 50`)
		var err error
		if all, err = pgx.CollectRows(rows, pgx.RowToStructByName[Import]); err != nil {
			return fmt.Errorf("list imports: %w", err)
		}
		for i := range all {
			all[i].Allowed = imports.Allowed(all[i].State, scope.Role())
			all[i].Mapping, all[i].Categories, all[i].Tally = all[i].mapping(), []CategoryFocus{}, map[RowResult]int{}
		}
		return nil
	})
	return all, err
}

// Rows returns the problems of an import, a page of them behind cursor.
func (s *Imports) Rows(ctx context.Context, scope tenants.Scope, id inspection.ImportID, cursor string, limit int) (inspection.Page[ImportRow], error) {
	var page inspection.Page[ImportRow]
	after := 0
	if cursor != "" {
		var err error
		if after, err = strconv.Atoi(cursor); err != nil {
			return page, inspection.Errorf(inspection.Invalid, "bad-cursor", "翻页位置已失效，请从第一页重新查看。")
		}
	}
	err := s.in(ctx, scope, func(tx *tenants.Tx) error {
		im, err := importByID(ctx, tx, id, "")
		if err != nil {
			return err
		}
		rows, err := s.checked(ctx, tx, im)
		if err != nil {
			return err
		}
		page.Total, page.Items = len(rows), []ImportRow{}
		from := slices.IndexFunc(rows, func(r ImportRow) bool { return r.Seq > after })
		if from < 0 {
			return nil
		}
		page.Items = rows[from:min(from+limit, len(rows))]
		if last := page.Items[len(page.Items)-1]; last.Seq < rows[len(rows)-1].Seq {
			page.Next = fmt.Sprint(last.Seq)
		}
		return nil
	})
	return page, err
}

// in runs fn for somebody who may import.
func (s *Imports) in(ctx context.Context, scope tenants.Scope, fn func(tx *tenants.Tx) error) error {
	if err := scope.Role().Allow(byImporters...); err != nil {
		return err
	}
	return s.DB.In(ctx, scope, fn)
}

// importByID returns one import of the own office. lock is "for update of i" or
// nothing.
func importByID(ctx context.Context, tx *tenants.Tx, id inspection.ImportID, lock string) (Import, error) {
	rows, _ := tx.Query(ctx, `
		select `+importColumns+`
		from `+importJoins+`
		where `+tenants.Own("i")+` and i.id = @id
		`+lock, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Import]))
}

const forUpdate = "for update of i"

// importRows lists problems of an import that have not been accounted for, or
// all of them.
func importRows(ctx context.Context, tx *tenants.Tx, id inspection.ImportID, open bool, limit int) ([]ImportRow, error) {
	rows, _ := tx.Query(ctx, `
		select `+importRowColumns+`
		from `+importRowJoins+`
		where `+tenants.Own("w")+` and w.import_id = @id and (not @open or w.result = '')
		order by w.seq
		limit nullif(@limit::int, 0)`, pgx.StrictNamedArgs{"id": id, "open": open, "limit": limit})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[ImportRow])
	if err != nil {
		return nil, fmt.Errorf("list rows of import: %w", err)
	}
	return all, nil
}

// look fills in what follows from the rows and from who looks.
func (s *Imports) look(ctx context.Context, tx *tenants.Tx, im *Import) error {
	rows, err := s.checked(ctx, tx, *im)
	if err != nil {
		return err
	}
	im.Allowed = imports.Allowed(im.State, tx.Scope().Role())
	im.Mapping = im.mapping()
	im.Categories, im.Tally = im.focuses(rows), map[RowResult]int{}
	for i := range im.Questions {
		im.Questions[i].show(im.Answers)
	}
	for _, r := range rows {
		result := r.Result
		if result == NotDone {
			result = r.plan.result
		}
		im.Tally[result]++
	}
	if im.State == ImportRead || im.State == ImportFailed {
		im.Open = len(im.unsettled(rows))
		im.Earlier, err = earlier(ctx, tx, im.ID)
	}
	return err
}

// earlier returns when the same file was imported before, if it was.
func earlier(ctx context.Context, tx *tenants.Tx, id inspection.ImportID) (*inspection.Day, error) {
	var at *time.Time
	err := tx.QueryRow(ctx, `
		select max(o.ran_at)
		from imports i join imports o on o.tenant_id = i.tenant_id and o.digest = i.digest and o.unit_id = i.unit_id and o.id <> i.id
		where `+tenants.Own("i")+` and i.id = @id and o.state <> @taken`,
		pgx.StrictNamedArgs{"id": id, "taken": ImportTakenBack}).Scan(&at)
	if err != nil {
		return nil, fmt.Errorf("look for the same file: %w", err)
	}
	if at == nil {
		return nil, nil
	}
	return new(inspection.DayOf(*at)), nil
}

func (im Import) entry(action, title, text string) tenants.Entry {
	return tenants.Entry{
		Action: action, Object: "import", ID: im.ID.UUID,
		Detail: tenants.Detail{Title: title, Text: text},
	}
}

// advance does what leads from one state to the next and writes the import back.
func (im *Import) advance(ctx context.Context, tx *tenants.Tx, do ImportAction) (err error) {
	if im.State, err = imports.Next(im.State, do, tx.Scope().Role()); err != nil {
		return err
	}
	im.Version++
	_, err = tx.Exec(ctx, `
		update imports i
		set state = @state, total = @total, done = @done, failure = @failure, ran_at = @ran_at, ran_by = @ran_by, ended_at = @ended_at,
			taken_at = @taken_at, taken_by = @taken_by, header = @header, options = @options, reading = @reading, questions = @questions,
			answers = @answers, focuses = @focuses, feedback_on = @feedback_on, issue = @issue, version = @version
		where `+tenants.Own("i")+` and id = @id`,
		pgx.StrictNamedArgs{
			"id": im.ID, "state": im.State, "total": im.Total, "done": im.Done, "failure": im.Failure, "ran_at": im.RanAt,
			"ran_by": im.RanBy, "ended_at": im.EndedAt, "taken_at": im.TakenAt, "taken_by": im.TakenBy, "header": im.Header, "options": im.Options,
			"reading": im.Reading, "questions": im.Questions, "answers": im.Answers, "focuses": im.Said,
			"feedback_on": im.FeedbackOn, "issue": im.Issue, "version": im.Version,
		})
	if err != nil {
		return fmt.Errorf("write import: %w", err)
	}
	return nil
}
