package demo

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// everything plans all ledgers of the story.
func everything() ([]Office, map[string][]*row) {
	offices := Offices()
	plans := map[string][]*row{}
	for i := range offices {
		if o := &offices[i]; o.Ledger != nil {
			plans[o.Slug] = plan(o)
		}
	}
	schedule(offices, plans)
	return offices, plans
}

// ledgers writes all ledgers and their history.
func (l *loader) ledgers(ctx context.Context) error {
	offices, plans := everything()
	for _, o := range offices {
		rows := plans[o.Slug]
		if rows == nil {
			continue
		}
		t := l.offices[o.Slug]
		err := l.jobs.In(ctx, tenants.ForJob(t, "demo"), func(tx *tenants.Tx) error { return addRows(ctx, tx, o, rows) })
		if err != nil {
			return fmt.Errorf("%s: %w", o.Name, err)
		}
		if err := l.history(ctx, o, rows); err != nil {
			return fmt.Errorf("%s: history: %w", o.Name, err)
		}
	}
	return nil
}

// stored is a row with what only the tables have.
type stored struct {
	*row
	ID   uuid.UUID `json:"id"`
	Unit uuid.UUID `json:"unit_id"`
	N    int       `json:"submission"`
}

type storedMeasure struct {
	ID         uuid.UUID      `json:"id"`
	Finding    uuid.UUID      `json:"finding_id"`
	Unit       uuid.UUID      `json:"unit_id"`
	Seq        int            `json:"seq"`
	Text       string         `json:"text"`
	Leader     string         `json:"leader"`
	Department string         `json:"department"`
	Helpers    string         `json:"helpers"`
	DueOn      inspection.Day `json:"due_on"`
	Progress   string         `json:"progress"`
	Done       bool           `json:"done"`
}

func addRows(ctx context.Context, tx *tenants.Tx, o Office, rows []*row) error {
	var findings []stored
	var measures []storedMeasure
	series := map[string]int{}
	for i, r := range rows {
		s := stored{row: r, ID: id("finding", r.Number), Unit: id("unit", o.Slug, r.UnitName)}
		if r.Submitted != nil {
			s.N = 1
		}
		r.Progress = progress(r)
		findings = append(findings, s)
		measures = append(measures, s.measures(i)...)
		series[r.Number[:strings.LastIndexByte(r.Number, '-')]]++
	}
	var b pgx.Batch
	at := morning(o.Ledger.FeedbackOn)
	b.Queue(insertFindings, pgx.StrictNamedArgs{"rows": findings, "round": id("round", o.Slug), "at": at, "on": o.Ledger.FeedbackOn})
	b.Queue(insertCases, pgx.StrictNamedArgs{"rows": findings, "at": at})
	b.Queue(insertMeasures, pgx.StrictNamedArgs{"rows": measures, "at": at})
	for s, last := range series {
		b.Queue(`insert into numbers (series, last) values (@series, @last)`, pgx.StrictNamedArgs{"series": s, "last": last})
	}
	return tx.SendBatch(ctx, &b).Close()
}

const insertFindings = `
	insert into findings (id, number, round_id, unit_id, seq, focus, category, taxonomy, text, amount_fen, tags, issued_at, feedback_on)
	select id, number, @round, unit_id, seq, focus, category, taxonomy, text, amount_fen, tags, @at, @on
	from jsonb_to_recordset(@rows) r (id uuid, number text, unit_id uuid, seq int, focus int, category text, taxonomy text,
		text text, amount_fen bigint, tags text[])`

const insertCases = `
	insert into rectifications (finding_id, unit_id, state, kind, goal, progress, due_on, due_calendar, due_note, review_on, submission,
		submitted_at, returned_at, return_note, closed_on, recovered_fen, rules_made, rules_amended, flags, issued_at, changed_at)
	select id, unit_id, state, kind, goal, progress, due_on, 'demo-2026', due_note, review_on, submission,
		(submitted_on + time '15:20') at time zone 'Asia/Shanghai', (returned_on + time '10:05') at time zone 'Asia/Shanghai', return_note,
		closed_on, recovered_fen, rules_made, rules_amended, flags, @at,
		coalesce((coalesce(closed_on, returned_on, submitted_on) + time '10:05') at time zone 'Asia/Shanghai', @at)
	from jsonb_to_recordset(@rows) r (id uuid, unit_id uuid, state text, kind text, goal text,
		progress text, due_on date, due_note text, review_on date, submission int, submitted_on date, returned_on date,
		return_note text, closed_on date, recovered_fen bigint, rules_made int, rules_amended int, flags text[])`

const insertMeasures = `
	insert into measures (id, finding_id, unit_id, seq, text, leader, department, helpers, due_on, progress, done, issued_at)
	select id, finding_id, unit_id, seq, text, leader, department, helpers, due_on, progress, done, @at
	from jsonb_to_recordset(@rows) r (id uuid, finding_id uuid, unit_id uuid, seq int, text text, leader text, department text,
		helpers text, due_on date, progress text, done boolean)`

// measures are the measures of one finding.
func (s stored) measures(i int) []storedMeasure {
	var ms []storedMeasure
	done := slices.Contains([]string{"closed", "submitted", "long-term"}, s.State)
	for k, text := range s.Measures {
		m := storedMeasure{
			ID: id("measure", s.Number, fmt.Sprint(k)), Finding: s.ID, Unit: s.Unit, Seq: k + 1, Text: text,
			Leader: leaders[(i+k)%len(leaders)], Department: departments[(i+k)%len(departments)],
			DueOn: s.DueOn, Done: done || k == 0 && s.State != "open",
		}
		if m.Done {
			m.Progress = "已完成，材料已归档。"
		} else if s.State != "open" {
			m.Progress = "正在推进，已完成前期准备。"
		}
		ms = append(ms, m)
	}
	return ms
}

// progress is the latest sentence of a finding.
func progress(r *row) string {
	switch r.State {
	case "open":
		return ""
	case "closed":
		return "措施全部落实，已通过联合审核。"
	case "submitted":
		return "措施已落实，提交销号。"
	case "long-term":
		return "取得阶段性成果，按计划长期推进。"
	case "returned":
		return "已提交，按审核意见补充材料。"
	}
	return "第一项措施已完成，其余正在推进。"
}
