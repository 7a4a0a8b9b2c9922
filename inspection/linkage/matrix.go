package linkage

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Matrix is who of the recipients has done what (回执矩阵). Rows stand in the order
// of the tree, each behind the row of the office that forwarded to it. A reader
// gets the rows of its own subtree.
type Matrix struct {
	Rows   []Row      `json:"rows" nullable:"false"`
	Levels []LevelSum `json:"levels" nullable:"false" doc:"Sums by level: cities, counties, units"`
	AsOf   time.Time  `json:"as_of"`
}

// Row is one recipient in the matrix.
type Row struct {
	Delivery
	Parent      *inspection.DeliveryID `json:"parent" doc:"The row of the office that forwarded"`
	Depth       int                    `json:"depth"`
	Level       string                 `json:"level" enum:"province,city,county,unit"`
	Leaf        bool                   `json:"leaf" doc:"Forwarded to nobody"`
	Done        bool                   `json:"done" doc:"Reported, and not returned"`
	ReceiptLate int                    `json:"receipt_late" doc:"Days that the receipt is or was late; 0 if in time"`
	ReportLate  int                    `json:"report_late" doc:"Days that the report is or was late; 0 if in time"`
	Reminders   int                    `json:"reminders" doc:"How often the recipient was reminded"`
	RemindedOn  *inspection.Day        `json:"reminded_on"`
	Below       *Sum                   `json:"below" doc:"What the leaves below add up to; null for a leaf"`
	IssuedByUs  bool                   `json:"issued_by_us" doc:"Ours to accept or to return"`
	Allowed     []DeliveryAct          `json:"allowed" nullable:"false"`
}

// Sum adds up rows of the matrix.
type Sum struct {
	Sent      int `json:"sent"`
	Received  int `json:"received"`
	Reported  int `json:"reported"`
	Accepted  int `json:"accepted"`
	Found     int `json:"found"`
	Corrected int `json:"corrected"`
	Overdue   int `json:"overdue" doc:"Recipients whose receipt or report is late and still missing"`
}

// LevelSum adds up the rows of one level.
type LevelSum struct {
	Level string `json:"level" enum:"province,city,county,unit"`
	Sum
}

func (s *Sum) add(r Row) {
	s.Sent++
	if r.ReceivedAt != nil {
		s.Received++
	}
	if r.Done {
		s.Reported++
		s.Found += r.Found
		s.Corrected += r.Corrected
	}
	if r.State == Accepted {
		s.Accepted++
	}
	if r.overdue() {
		s.Overdue++
	}
}

func (r Row) overdue() bool {
	return r.ReceivedAt == nil && r.ReceiptLate > 0 || !r.Done && r.ReportLate > 0
}

type matrixRow struct {
	Delivery
	Level      string          `db:"level"`
	Reminders  int             `db:"reminders"`
	RemindedOn *inspection.Day `db:"reminded_on"`
}

// matrix returns the deliveries of n and of all notices that forward it, as far
// as the scope sees.
func (s *Service) matrix(ctx context.Context, tx *tenants.Tx, n Notice) (Matrix, error) {
	rows, _ := tx.Query(ctx, `
		select `+deliveryColumns+`, case when d.unit_id is null then t.level else 'unit' end as level,
			(select count(*) from notice_reminders r where r.tenant_id = d.tenant_id and r.delivery_id = d.id)::int as reminders,
			(select max(on_day) from notice_reminders r where r.tenant_id = d.tenant_id and r.delivery_id = d.id) as reminded_on
		from `+deliveryTables+`
		where `+tenants.Reach("d")+` and d.root = @root and d.state <> @withdrawn
		order by t.code, d.unit_id is not null, u.name collate "zh-x-icu", d.id`,
		pgx.StrictNamedArgs{"root": n.Root, "withdrawn": DeliveryWithdrawn})
	ds, err := pgx.CollectRows(rows, pgx.RowToStructByName[matrixRow])
	if err != nil {
		return Matrix{}, fmt.Errorf("read matrix: %w", err)
	}
	m := Matrix{AsOf: s.Clock()}
	m.Rows = s.tree(ds, n.ID, tx.Scope())
	m.Levels = levels(m.Rows)
	return m, nil
}

// tree puts the deliveries below the notice in the order of the tree.
func (s *Service) tree(ds []matrixRow, notice inspection.NoticeID, scope tenants.Scope) []Row {
	today := s.Clock.Today()
	below := map[inspection.DeliveryID][]int{}
	for i, d := range ds {
		if d.ParentID != nil {
			below[*d.ParentID] = append(below[*d.ParentID], i)
		}
	}
	out := []Row{}
	var walk func(i, depth int) Sum
	walk = func(i, depth int) Sum {
		r := ds[i].row(today, scope)
		r.Depth, r.Leaf = depth, len(below[r.ID]) == 0
		at := len(out)
		out = append(out, r)
		var sum Sum
		if r.Leaf {
			sum.add(r)
			return sum
		}
		for _, child := range below[r.ID] {
			sum.plus(walk(child, depth+1))
		}
		out[at].Below = new(sum)
		return sum
	}
	for i, d := range ds {
		if d.NoticeID == notice {
			walk(i, 0)
		}
	}
	return out
}

func (s *Sum) plus(t Sum) {
	s.Sent += t.Sent
	s.Received += t.Received
	s.Reported += t.Reported
	s.Accepted += t.Accepted
	s.Found += t.Found
	s.Corrected += t.Corrected
	s.Overdue += t.Overdue
}

func (d matrixRow) row(today inspection.Day, scope tenants.Scope) Row {
	r := Row{
		Delivery: d.Delivery, Parent: d.ParentID, Level: d.Level, Reminders: d.Reminders, RemindedOn: d.RemindedOn,
		Done: d.State == Reported || d.State == Accepted, IssuedByUs: d.Issuer == scope.Tenant(), Allowed: d.Allowed(scope),
	}
	if !r.IssuedByUs && d.Tenant != scope.Tenant() {
		r.Report, r.Answers = "", []Line{} // figures go up the tree, texts to the issuer alone
	}
	r.ReceiptLate = late(d.ReceiptDue, d.ReceivedAt, today)
	reported := d.ReportedAt
	if !r.Done {
		reported = nil // returned: the clock runs again
	}
	r.ReportLate = late(d.ReportDue, reported, today)
	return r
}

// late counts the days from due to when it was done, or to today.
func late(due inspection.Day, done *time.Time, today inspection.Day) int {
	if done != nil {
		today = inspection.DayOf(*done)
	}
	return max(0, int(today-due))
}

// levels adds up the rows of each level, from the top.
func levels(rows []Row) []LevelSum {
	out := []LevelSum{}
	for _, level := range []string{"province", "city", "county", "unit"} {
		sum := LevelSum{Level: level}
		for _, r := range rows {
			if r.Level == level {
				sum.add(r)
			}
		}
		if sum.Sent > 0 {
			out = append(out, sum)
		}
	}
	return out
}
