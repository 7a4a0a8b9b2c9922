package rectification

import (
	"context"
	"maps"
	"slices"

	"xuncha/inspection"
	"xuncha/inspection/rectification/ledger"
	"xuncha/tenants"
)

// Mapping says how a file is to be read.
type Mapping struct {
	Sheets        []MappedSheet  `json:"sheets" maxItems:"200" nullable:"false" doc:"Sheets to read; none: those that look like a ledger"`
	IncludeHidden bool           `json:"include_hidden,omitempty" doc:"Read hidden rows, columns and sheets, too"`
	FeedbackOn    inspection.Day `json:"feedback_on"`
	Issue         bool           `json:"issue" doc:"Issue what is added: the feedback was given"`
}

// MappedSheet says how one sheet is to be read.
type MappedSheet struct {
	Name       string         `json:"name" maxLength:"100"`
	HeaderFrom int            `json:"header_from,omitempty" minimum:"0" maximum:"1048576" doc:"First row of the header; 0 finds it"`
	HeaderTo   int            `json:"header_to,omitempty" minimum:"0" maximum:"1048576"`
	Columns    []MappedColumn `json:"columns" maxItems:"50" nullable:"false" doc:"A column that is not named is found as usual"`
	AmountUnit ledger.Unit    `json:"amount_unit,omitempty" maxLength:"10" doc:"Of amounts that do not say theirs: 元, 千元, 万元, 亿元"`
}

// MappedColumn says where a column is.
type MappedColumn struct {
	Column ledger.Column `json:"column" maxLength:"20"`
	Letter string        `json:"letter" pattern:"^[A-Z]{0,3}$" doc:"Empty: the column is not imported"`
}

func (m Mapping) options() ledger.Options {
	o := ledger.Options{IncludeHidden: m.IncludeHidden}
	for _, s := range m.Sheets {
		so := ledger.SheetOptions{Name: s.Name, HeaderFrom: s.HeaderFrom, HeaderTo: s.HeaderTo, AmountUnit: s.AmountUnit}
		for _, c := range s.Columns {
			if so.Columns == nil {
				so.Columns = map[ledger.Column]string{}
			}
			so.Columns[c.Column] = c.Letter
		}
		o.Sheets = append(o.Sheets, so)
	}
	return o
}

// mapping is how the import's file is read.
func (im Import) mapping() Mapping {
	m := Mapping{Sheets: []MappedSheet{}, IncludeHidden: im.Options.IncludeHidden, FeedbackOn: im.FeedbackOn, Issue: im.Issue}
	for _, so := range im.Options.Sheets {
		s := MappedSheet{Name: so.Name, HeaderFrom: so.HeaderFrom, HeaderTo: so.HeaderTo, AmountUnit: so.AmountUnit, Columns: []MappedColumn{}}
		for _, column := range slices.Sorted(maps.Keys(so.Columns)) {
			s.Columns = append(s.Columns, MappedColumn{column, so.Columns[column]})
		}
		m.Sheets = append(m.Sheets, s)
	}
	return m
}

// Map reads the file again as a person says. Answers and choices begin anew,
// because rows may have become others.
func (s *Imports) Map(ctx context.Context, scope tenants.Scope, id inspection.ImportID, version int, m Mapping) (Import, error) {
	return s.correct(ctx, scope, id, version, func(tx *tenants.Tx, im *Import) error {
		im.Options, im.FeedbackOn, im.Issue = m.options(), m.FeedbackOn, m.Issue
		if err := s.known(ctx, tx, im); err != nil {
			return err
		}
		r, err := s.read(ctx, im)
		if err != nil {
			return err
		}
		byProblem, general := ask(r)
		im.Questions, im.Answers, im.Total = general, map[string]Answer{}, len(r.Problems)
		return writeRows(ctx, tx, id, r.Problems, byProblem)
	})
}
