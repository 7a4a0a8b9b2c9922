package reports

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// ActKind is what a head did about the rectification.
type ActKind string

// The kinds. Those of the first group are entered when they happen (HANDBOOK §3);
// the others follow from what the head did in the service.
const (
	Arrange    ActKind = "arrange"    // 亲自部署
	Inquire    ActKind = "inquire"    // 过问
	Coordinate ActKind = "coordinate" // 协调
	Supervise  ActKind = "supervise"  // 督办
	Instruct   ActKind = "instruct"   // 批示

	Meeting         ActKind = "meeting"          // 主持整改专题民主生活会
	SignedPlan      ActKind = "signed-plan"      // 签署整改方案
	SignedExtension ActKind = "signed-extension" // 签署延期申请
)

// Entered lists the kinds that people enter.
func Entered() []ActKind { return []ActKind{Arrange, Inquire, Coordinate, Supervise, Instruct} }

// ActKinds lists all kinds.
func ActKinds() []ActKind { return append(Entered(), Meeting, SignedPlan, SignedExtension) }

var actWords = map[ActKind]string{
	Arrange: "亲自部署", Inquire: "过问", Coordinate: "协调", Supervise: "督办", Instruct: "批示",
	Meeting: "召开整改专题民主生活会", SignedPlan: "签署整改方案", SignedExtension: "签署延期、长期整改申请",
}

// Word returns what people call the kind.
func (k ActKind) Word() string { return actWords[k] }

// Act is one thing that a head did about the rectification.
type Act struct {
	ID      *inspection.HeadActID `json:"id" nullable:"true" db:"id" doc:"Null for what follows from other records"`
	On      inspection.Day        `json:"on" db:"done_on"`
	Kind    ActKind               `json:"kind" db:"kind"`
	Subject string                `json:"subject" db:"subject" maxLength:"500"`
	Finding *inspection.FindingID `json:"finding" nullable:"true" db:"finding_id"`
	Number  string                `json:"number" db:"number" doc:"Of the finding; empty if it is about all of them"`
	ByName  string                `json:"by" db:"by_name" doc:"Who entered it"`
}

// tally counts the acts of each kind in one sentence.
func tally(acts []Act) string {
	var parts []string
	for _, k := range ActKinds() {
		n := 0
		for _, a := range acts {
			if a.Kind == k {
				n++
			}
		}
		if n > 0 || slices.Contains(Entered(), k) {
			parts = append(parts, fmt.Sprintf("%s%d次", k.Word(), n))
		}
	}
	return strings.Join(parts, "，") + "。"
}

// actsOf lists what the head of a unit did about the findings of a round: what was
// entered, and what the plan and the requests for more time say.
func (s *Service) actsOf(ctx context.Context, tx *tenants.Tx, round inspection.RoundID, unit inspection.UnitID) ([]Act, error) {
	rows, _ := tx.Query(ctx, `
		select a.id, a.done_on, a.kind, a.subject, a.finding_id, coalesce(f.number, '') as number, a.by_name
		from head_acts a
		left join findings f on f.tenant_id = a.tenant_id and f.id = a.finding_id
		where `+tenants.Own("a")+` and a.round_id = @round and a.unit_id = @unit and a.withdrawn_at is null
		union all
		select null, (p.head_at at time zone 'Asia/Shanghai')::date, @plan, '第' || p.edition || '版', null, '', p.head_name
		from plans p
		where `+tenants.Own("p")+` and p.round_id = @round and p.unit_id = @unit and p.head_at is not null
		union all
		select distinct on (p.meeting_on) null::uuid, p.meeting_on, @meeting, p.meeting_note, null::uuid, '', p.head_name
		from plans p
		where `+tenants.Own("p")+` and p.round_id = @round and p.unit_id = @unit and p.meeting_on is not null and p.head_at is not null
		union all
		select null, (x.issued_at at time zone 'Asia/Shanghai')::date, @extension, x.reason, x.finding_id, f.number, x.signed_by
		from extensions x
		join findings f on f.tenant_id = x.tenant_id and f.id = x.finding_id
		where `+tenants.Own("x")+` and f.round_id = @round and x.unit_id = @unit and x.issued_at is not null
		order by 2, 3, 4, 6`, pgx.StrictNamedArgs{
		"round": round, "unit": unit, "plan": SignedPlan, "meeting": Meeting, "extension": SignedExtension,
	})
	acts, err := pgx.CollectRows(rows, pgx.RowToStructByName[Act])
	if err != nil {
		return nil, fmt.Errorf("list acts of the head: %w", err)
	}
	for i := range acts {
		acts[i].Subject = inspection.Line(acts[i].Subject)
	}
	return acts, nil
}

// Acts lists what the head of the scope's unit did about the findings of a round, the
// earliest first.
func (s *Service) Acts(ctx context.Context, scope tenants.Scope, round inspection.RoundID) (acts []Act, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		acts, err = s.actsOf(ctx, tx, round, scope.Unit())
		return err
	})
	return acts, err
}

// Entering is a request to enter an act of the head.
type Entering struct {
	Round   inspection.RoundID    `json:"round"`
	Kind    ActKind               `json:"kind" enum:"arrange,inquire,coordinate,supervise,instruct"`
	On      inspection.Day        `json:"on" doc:"When it happened"`
	Subject string                `json:"subject" minLength:"1" maxLength:"500" doc:"What it was about, and what came of it"`
	Finding *inspection.FindingID `json:"finding,omitempty" doc:"If it is about one finding"`
}

// Enter records an act of the head of the scope's unit, and returns all of the round.
func (s *Service) Enter(ctx context.Context, scope tenants.Scope, e Entering) (acts []Act, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if err := s.check(ctx, tx, &e); err != nil {
			return err
		}
		id := inspection.NewID[inspection.HeadActID]()
		_, err := tx.Exec(ctx, `
			insert into head_acts (id, round_id, unit_id, kind, done_on, subject, finding_id, by_name, at)
			values (@id, @round, @unit, @kind, @on, @subject, @finding, @by, @at)`, pgx.StrictNamedArgs{
			"id": id, "round": e.Round, "unit": scope.Unit(), "kind": e.Kind, "on": e.On, "subject": e.Subject, "finding": e.Finding,
			"by": scope.Name(), "at": s.Clock(),
		})
		if err != nil {
			return fmt.Errorf("enter act: %w", err)
		}
		tx.Journal(tenants.Entry{
			Action: "report.enter-act", Object: "head-act", ID: id.UUID, Unit: scope.Unit(), After: e,
			Detail: tenants.Detail{Title: "登记主要负责人" + e.Kind.Word(), Text: inspection.Line(e.Subject)},
		})
		acts, err = s.actsOf(ctx, tx, e.Round, scope.Unit())
		return err
	})
	return acts, err
}

// check looks at what was entered: the round gave feedback to the unit, the day is
// past, and the finding is one of them.
func (s *Service) check(ctx context.Context, tx *tenants.Tx, e *Entering) error {
	var feedback *inspection.Day
	var known bool
	err := tx.QueryRow(ctx, `
		select min(coalesce(d.feedback_on, f.feedback_on)), coalesce(bool_or(f.id = @finding), false)
		from rectifications r
		join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
		join rounds d on d.tenant_id = f.tenant_id and d.id = f.round_id
		where `+tenants.Own("r")+` and r.unit_id = @unit and f.round_id = @round and r.issued_at is not null and r.withdrawn_at is null`,
		pgx.StrictNamedArgs{"unit": tx.Scope().Unit(), "round": e.Round, "finding": e.Finding}).Scan(&feedback, &known)
	if err != nil {
		return fmt.Errorf("what the act is about: %w", err)
	}
	if feedback == nil {
		_, err := tenants.Found(0, pgx.ErrNoRows)
		return err
	}
	var bad inspection.Fields
	e.Subject = bad.Text("/subject", e.Subject, true, 500)
	if e.On < *feedback || e.On > s.Clock.Today() {
		bad = append(bad, inspection.Field{Pointer: "/on", Code: "day-order", Message: "日期应在反馈日期 " + feedback.String() + " 之后、今天之前。"})
	}
	if !slices.Contains(Entered(), e.Kind) {
		bad = append(bad, inspection.Field{Pointer: "/kind", Code: "unknown", Message: "请选择部署、过问、协调、督办或批示。"})
	}
	if e.Finding != nil && !known {
		bad = append(bad, inspection.Field{Pointer: "/finding", Code: "unknown", Message: "该问题不在本轮次反馈给本单位的问题中。"})
	}
	return bad.Err("report.invalid")
}

// Withdraw takes back an act that was entered by mistake. The row stays.
func (s *Service) Withdraw(ctx context.Context, scope tenants.Scope, id inspection.HeadActID) (acts []Act, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			update head_acts a set withdrawn_at = @at, withdrawn_by = @by
			where `+tenants.Own("a")+` and a.id = @id and a.withdrawn_at is null
			returning a.round_id, a.kind, a.subject`,
			pgx.StrictNamedArgs{"id": id, "at": s.Clock(), "by": scope.Name()})
		type entered struct {
			Round   inspection.RoundID `db:"round_id"`
			Kind    ActKind            `db:"kind"`
			Subject string             `db:"subject"`
		}
		was, err := tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[entered]))
		if err != nil {
			return err
		}
		tx.Journal(tenants.Entry{
			Action: "report.withdraw-act", Object: "head-act", ID: id.UUID, Unit: scope.Unit(), Before: was,
			Detail: tenants.Detail{Title: "撤销登记：主要负责人" + was.Kind.Word(), Text: inspection.Line(was.Subject)},
		})
		acts, err = s.actsOf(ctx, tx, was.Round, scope.Unit())
		return err
	})
	return acts, err
}
