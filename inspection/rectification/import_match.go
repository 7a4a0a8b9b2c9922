package rectification

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification/ledger"
	"xuncha/tenants"
)

// RowVerdict is what the office's ledger has of a problem that is being imported.
type RowVerdict string

// The verdicts.
const (
	NewRow     RowVerdict = "new"
	SameAsThat RowVerdict = "same"
	ChangedRow RowVerdict = "changed" // the same problem; something else differs
	SimilarRow RowVerdict = "similar" // its number is taken by a problem with another text
)

// RowVerdicts lists the verdicts.
func RowVerdicts() []RowVerdict {
	return []RowVerdict{"", NewRow, SameAsThat, ChangedRow, SimilarRow}
}

// Difference is one value in which the file differs from the office's ledger.
// What the file leaves empty is no difference: importing erases nothing.
type Difference struct {
	Field string `json:"field" doc:"text (which stays as it was fed back), category, amount, recovered, goal, elsewhere, due, or a measure's number and field such as 2/leader"`
	Label string `json:"label"`
	Old   string `json:"old"`
	New   string `json:"new"`
}

// recorded is a problem that stands in the office's ledger.
type recorded struct {
	ID        inspection.FindingID `db:"id"`
	Number    string               `db:"number"`
	Seq       int                  `db:"seq"`
	Category  string               `db:"category"`
	Text      string               `db:"text"`
	AmountFen *int64               `db:"amount_fen"`
	Version   int                  `db:"version"`
	Issued    bool                 `db:"issued"`
	Taken     bool                 `db:"taken"` // by a row of this import

	category string        // as it counts for being the same
	inCase   *recordedCase // nil for a draft
	measures []Measure
}

// recordedCase is what a ledger may bring up to date in a case.
type recordedCase struct {
	ID           inspection.FindingID `db:"finding_id"`
	State        State                `db:"state"`
	Goal         string               `db:"goal"`
	DueOn        *inspection.Day      `db:"due_on"`
	RecoveredFen int64                `db:"recovered_fen"`
	Elsewhere    string               `db:"elsewhere"`
}

// books is what one unit's ledger of one round holds.
type books struct {
	all      []recorded
	byText   map[string][]int
	byNumber map[string]int
	bySeq    map[string][]int
}

// booksOf reads the ledger of an import's unit and round, without measures.
// Findings and cases are read apart: right after an import the planner does not
// know yet how many there are, and joins them in quadratic time.
func booksOf(ctx context.Context, tx *tenants.Tx, im Import) (*books, error) {
	rows, _ := tx.Query(ctx, `
		select f.id, f.number, f.seq, f.category, f.text, f.amount_fen, f.version, f.issued_at is not null as issued,
			f.id in (select w.finding_id from import_rows w
				where `+tenants.Own("w")+` and w.import_id = @import and w.finding_id is not null) as taken
		from findings f
		where `+tenants.Own("f")+` and f.unit_id = @unit and f.round_id = @round and f.withdrawn_at is null
		order by f.seq, f.number`, pgx.StrictNamedArgs{"unit": im.Unit, "round": im.Round, "import": im.ID})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[recorded])
	if err != nil {
		return nil, fmt.Errorf("list what stands: %w", err)
	}
	rows, _ = tx.Query(ctx, `
		select r.finding_id, r.state, r.goal, r.due_on, r.recovered_fen, r.elsewhere
		from rectifications r
		where `+tenants.Own("r")+` and r.unit_id = @unit`, pgx.StrictNamedArgs{"unit": im.Unit})
	cases, err := pgx.CollectRows(rows, pgx.RowToStructByName[recordedCase])
	if err != nil {
		return nil, fmt.Errorf("list cases that stand: %w", err)
	}
	in := map[inspection.FindingID]*recordedCase{}
	for i := range cases {
		in[cases[i].ID] = &cases[i]
	}
	b := &books{all: all, byText: map[string][]int{}, byNumber: map[string]int{}, bySeq: map[string][]int{}}
	for i := range all {
		e := &all[i]
		e.category, e.inCase = key(e.Category), in[e.ID]
		text := key(e.Text)
		b.byText[text] = append(b.byText[text], i)
		b.byNumber[e.Number] = i
		b.bySeq[strconv.Itoa(e.Seq)] = append(b.bySeq[strconv.Itoa(e.Seq)], i)
	}
	return b, nil
}

// plan is what is to be done with a row, and why.
type plan struct {
	resolved
	verdict RowVerdict
	match   *recorded // found by number or text; or, if similar, who has the number
	diffs   []Difference
	result  RowResult // what will become of it as things stand
	wrong   string    // why it cannot be imported
}

// checked returns the rows of an import as they would be done now, in the order
// of the file; those that are done stay as they are.
func (s *Imports) checked(ctx context.Context, tx *tenants.Tx, im Import) ([]ImportRow, error) {
	rows, err := importRows(ctx, tx, im.ID, false, 0)
	if err != nil {
		return nil, err
	}
	return im.check(ctx, tx, rows, len(rows))
}

// check says what is to be done with each row, given what stands. Each problem
// that stands is the match of one row at most: two rows that say the same are
// two problems, if the person kept both. It returns the first rows, so many that
// most of them write something.
func (im Import) check(ctx context.Context, tx *tenants.Tx, rows []ImportRow, most int) ([]ImportRow, error) {
	b, err := booksOf(ctx, tx, im)
	if err != nil {
		return nil, err
	}
	at := map[inspection.FindingID]*recorded{}
	for i := range rows {
		r := &rows[i]
		for k := range r.Questions {
			r.Questions[k].show(r.Answers)
		}
		r.Differences, r.Choices = []Difference{}, []Choice{}
		if r.Result != NotDone {
			continue
		}
		r.plan.resolved = resolve(r.Problem, r.Questions, r.Answers)
		if r.plan.match, r.plan.verdict = b.find(r.plan.Problem); r.plan.verdict == SameAsThat {
			at[r.plan.match.ID] = r.plan.match
		}
	}
	measures, err := measuresOf(ctx, tx, slices.Collect(maps.Keys(at)))
	if err != nil {
		return nil, err
	}
	for _, m := range measures {
		at[m.FindingID].measures = append(at[m.FindingID].measures, m)
	}
	for i := range rows {
		if rows[i].Result != NotDone {
			continue
		}
		if rows[i].planned(im); rows[i].plan.writes() {
			if most == 0 {
				return rows[:i], nil
			}
			most--
		}
	}
	return rows, nil
}

func (p plan) writes() bool { return p.result == Added || p.result == Updated }

// planned compares a row with its match and says what will become of it.
func (r *ImportRow) planned(im Import) {
	p := &r.plan
	if p.match != nil {
		r.Number = p.match.Number
	}
	if p.verdict == SameAsThat {
		r.Finding = &p.match.ID
		if p.diffs = differ(p.resolved, *p.match, im); len(p.diffs) > 0 {
			p.verdict, r.Differences = ChangedRow, p.diffs
		}
	}
	p.wrong = p.unfit()
	p.decide(r.Choice)
	r.Problem, r.Verdict, r.Wrong, r.Choices = p.Problem, p.verdict, p.wrong, choices(p.verdict)
}

// decide says what will become of the row.
func (p *plan) decide(c Choice) {
	switch {
	case p.skip || c == SkipRow:
		p.result = Skipped
	case p.verdict == SameAsThat:
		p.result = SameRow
	case p.verdict == ChangedRow && c != Update:
		p.result = Skipped // nothing is overwritten unless somebody says so
	case p.wrong != "":
		p.result = Rejected
	case p.verdict == ChangedRow:
		p.result = Updated
	default:
		p.result = Added
	}
}

// choices lists what may be chosen for a row.
func choices(v RowVerdict) []Choice {
	switch v {
	case NewRow, SimilarRow:
		return []Choice{AddRow, SkipRow}
	case ChangedRow:
		return []Choice{Update, SkipRow}
	default:
		return []Choice{SkipRow}
	}
}

// unsettled lists what a person has to answer or choose before the import can
// run, as fields of the request that would.
func (im Import) unsettled(rows []ImportRow) []inspection.Field {
	open := []inspection.Field{}
	for _, q := range im.Questions {
		if _, ok := im.Answers[q.ID]; !ok {
			open = append(open, inspection.Field{Pointer: "/answers/" + pointerTo(q.ID), Code: string(q.Reason), Message: q.Detail})
		}
	}
	todo := slices.DeleteFunc(slices.Clone(rows), func(r ImportRow) bool {
		return r.Result != NotDone || r.plan.result == Skipped || r.plan.result == SameRow
	})
	for _, c := range im.focuses(todo) {
		if c.Focus == 0 {
			open = append(open, inspection.Field{
				Pointer: "/focuses/" + pointerTo(c.Category), Code: "focus", Message: "请选择这一类问题属于四个聚焦中的哪一个。",
			})
		}
	}
	once := map[string]bool{} // a merged cell is asked about for each problem that it covers
	for _, r := range todo {
		for _, q := range r.plan.open {
			if once[q.ID] {
				continue
			}
			once[q.ID] = true
			open = append(open, inspection.Field{Pointer: "/answers/" + pointerTo(q.ID), Code: string(q.Reason), Message: q.Detail})
		}
		if r.plan.verdict == SimilarRow && r.Choice == NoChoice {
			open = append(open, inspection.Field{
				Pointer: fmt.Sprintf("/choices/%d", r.Seq), Code: "similar",
				Message: fmt.Sprintf("序号 %s 已有文字不同的问题 %s，请选择新增还是跳过。", r.Problem.Number, r.Number),
			})
		}
	}
	return open
}

func pointerTo(key string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}

var businessNumber = regexp.MustCompile(`^[A-Z]{1,6}(-[0-9]{2,3}){2,4}$`)

// find looks for a problem among those that stand: by its business number, by
// its text and category, by its text. What it finds is taken.
func (b *books) find(p ledger.Problem) (*recorded, RowVerdict) {
	number, category := strings.ToUpper(strings.TrimSpace(p.Number)), key(p.Category)
	if i, ok := b.byNumber[number]; ok && businessNumber.MatchString(number) && !b.all[i].Taken {
		return b.take(i), SameAsThat
	}
	free := slices.DeleteFunc(slices.Clone(b.byText[key(p.Text)]), func(i int) bool { return b.all[i].Taken })
	for _, i := range free {
		if b.all[i].category == category {
			return b.take(i), SameAsThat
		}
	}
	if len(free) > 0 {
		return b.take(free[0]), SameAsThat
	}
	for _, i := range b.bySeq[number] {
		if e := &b.all[i]; !e.Taken && e.category == category {
			return e, SimilarRow
		}
	}
	return nil, NewRow
}

func (b *books) take(i int) *recorded {
	b.all[i].Taken = true
	return &b.all[i]
}

// key is a text as it counts for being the same: folded as for searches, without
// spaces.
func key(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) {
			return -1
		}
		return r
	}, inspection.Folded(s))
}
