package linkage

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Matter is what an office cannot settle alone and raises to the level above
// (提请统筹). Raiser and holder read the same row.
type Matter struct {
	ID             inspection.EscalationID `json:"id" db:"id"`
	FindingID      inspection.FindingID    `json:"finding" db:"finding_id"`
	FindingNumber  string                  `json:"finding_number" db:"finding_number"`
	FindingText    string                  `json:"finding_text" db:"finding_text"`
	UnitName       string                  `json:"unit_name" db:"unit_name"`
	Number         string                  `json:"number" db:"number" doc:"E-2026-03; empty until it is sent up"`
	State          MatterState             `json:"state" db:"state"`
	Raiser         string                  `json:"raiser" db:"raiser" doc:"Slug of the office"`
	RaiserName     string                  `json:"raiser_name" db:"raiser_name"`
	HolderSlug     string                  `json:"holder" db:"holder_slug" doc:"Slug of the office that has it now"`
	HolderName     string                  `json:"holder_name" db:"holder_name"`
	StepDue        *inspection.Day         `json:"step_due" db:"step_due" doc:"By when the holder should have done its step"`
	Title          string                  `json:"title" db:"title"`
	Tried          string                  `json:"tried" db:"tried" doc:"已做工作"`
	Why            string                  `json:"why" db:"why" doc:"超出本级的原因"`
	Asked          string                  `json:"asked" db:"asked" doc:"请求事项"`
	SubmittedAt    *time.Time              `json:"submitted_at" db:"submitted_at"`
	SubmittedBy    string                  `json:"submitted_by" db:"submitted_by"`
	AcceptedAt     *time.Time              `json:"accepted_at" db:"accepted_at"`
	AcceptedNumber string                  `json:"accepted_number" db:"accepted_number" doc:"靖巡办受〔2026〕3号"`
	ReturnCode     MatterReturn            `json:"return_code" db:"return_code"`
	Reason         string                  `json:"reason" db:"reason" doc:"Of a return or a refusal"`
	Merged         int                     `json:"merged" db:"merged" minimum:"0" maximum:"1000" doc:"How many matters the reader's office handles as one with it (并案), itself included; 0: it stands alone, as each does for its raiser"`
	Decision       Course                  `json:"decision" db:"decision"`
	DecisionText   string                  `json:"decision_text" db:"decision_text" maxLength:"2000"`
	Target         string                  `json:"target" db:"target" maxLength:"200" doc:"Which body is to settle it"`
	DecisionDue    *inspection.Day         `json:"decision_due" nullable:"true" db:"decision_due" doc:"And by when"`
	DecidedAt      *time.Time              `json:"decided_at" nullable:"true" db:"decided_at"`
	Outcome        Outcome                 `json:"outcome" db:"outcome"`
	Answer         string                  `json:"answer" db:"answer"`
	AnswerDue      *inspection.Day         `json:"answer_due" db:"answer_due" doc:"By when the answer is to be carried out"`
	AnsweredAt     *time.Time              `json:"answered_at" db:"answered_at"`
	AnsweredBy     string                  `json:"answered_by" db:"answered_name"`
	Dispute        string                  `json:"dispute" db:"dispute" maxLength:"2000" doc:"What the raiser has against the answer; said once"`
	DisputedAt     *time.Time              `json:"disputed_at" nullable:"true" db:"disputed_at"`
	Stopped        bool                    `json:"clock_stopped" db:"clock_stopped" doc:"The finding's clock stands still, as its office approved"`
	ConfirmedAt    *time.Time              `json:"confirmed_at" db:"confirmed_at"`
	ExtendedTo     *inspection.Day         `json:"extended_to" db:"extended_to" doc:"The finding's new day, once approved"`
	ClosedAt       *time.Time              `json:"closed_at" db:"closed_at"`
	ChangedAt      time.Time               `json:"changed_at" db:"changed_at"`
	ChangedBy      string                  `json:"changed_by" db:"changed_by"`
	Version        int                     `json:"version" db:"version"`

	Tenant     tenants.ID  `json:"-" db:"tenant_id"`
	Holder     tenants.ID  `json:"-" db:"holder"`
	Reached    tenants.ID  `json:"-" db:"reached"`
	AnswererID *tenants.ID `json:"-" db:"answered_by"`
}

// MatterReturn says why a matter was returned. There are no other reasons: what
// is complete and beyond the raiser's level is decided, not sent back.
type MatterReturn string

// The reasons of a return.
const (
	MaterialMissing MatterReturn = "incomplete" // 材料不全
	OwnLevel        MatterReturn = "own-level"  // 本级可办
)

// MatterReturns lists the reasons of a return; empty means none.
func MatterReturns() []MatterReturn { return []MatterReturn{"", MaterialMissing, OwnLevel} }

// Course is in which way a matter is taken up.
type Course string

// The ways to take a matter up.
const (
	Assign     Course = "assign"     // 采纳交办
	Joint      Course = "joint"      // 采纳联动
	Department Course = "department" // 转有关部门
)

var courseWords = map[Course]string{Assign: "采纳交办", Joint: "采纳联动", Department: "转有关部门"}

// Word is the way as people read it.
func (c Course) Word() string { return courseWords[c] }

// Courses lists the ways to take a matter up; empty means none yet.
func Courses() []Course { return []Course{"", Assign, Joint, Department} }

// Outcome is what kind of answer was given.
type Outcome string

// The kinds of answer.
const (
	Policy       Outcome = "policy"       // 明确政策口径
	Funding      Outcome = "funding"      // 落实资金
	Coordination Outcome = "coordination" // 统筹协调
	Decision     Outcome = "decision"     // 作出决定
	Declined     Outcome = "declined"     // 不予支持
)

// Outcomes lists the kinds of answer; empty means none yet.
func Outcomes() []Outcome {
	return []Outcome{"", Policy, Funding, Coordination, Decision, Declined}
}

var matterColumns = `e.tenant_id, e.id, e.finding_id, f.number as finding_number, f.text as finding_text, u.name as unit_name,
	coalesce(e.number, '') as number, e.state, r.slug as raiser, r.short as raiser_name, e.holder, h.slug as holder_slug,
	h.short as holder_name, e.reached, e.step_due, e.title, e.tried, e.why, e.asked, e.submitted_at, e.submitted_by,
	e.accepted_at, coalesce(e.accepted_number, '') as accepted_number, e.return_code, e.reason,
	(select count(*)::int from merged_matters a join merged_matters b on b.tenant_id = a.tenant_id and b.merge_id = a.merge_id
		where ` + tenants.Own("a") + ` and a.raiser = e.tenant_id and a.escalation_id = e.id and a.left_at is null and b.left_at is null) as merged,
	e.decision, e.decision_text, e.target, e.decision_due, e.decided_at, e.dispute, e.disputed_at,
	coalesce(k.due_kind = 'stopped', false) as clock_stopped, e.outcome, e.answer,
	e.answer_due, e.answered_at, e.answered_by, coalesce(a.short, '') as answered_name, e.confirmed_at, e.extended_to,
	e.closed_at, e.changed_at, e.changed_by, e.version`

const matterTables = `escalations e
	join findings f on f.tenant_id = e.tenant_id and f.id = e.finding_id
	join units u on u.tenant_id = f.tenant_id and u.id = f.unit_id
	join tenants r on r.id = e.tenant_id join tenants h on h.id = e.holder left join tenants a on a.id = e.answered_by
	left join rectifications k on k.tenant_id = e.tenant_id and k.finding_id = e.finding_id`

func readMatter(ctx context.Context, tx *tenants.Tx, id inspection.EscalationID) (Matter, error) {
	rows, _ := tx.Query(ctx, `
		select `+matterColumns+` from `+matterTables+`
		where `+tenants.Reach("e")+` and e.id = @id`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Matter]))
}

// lockMatter keeps others from changing the matter, and those of ids that the office
// may change, until tx ends. Only its raiser and its holder can.
func lockMatter(ctx context.Context, tx *tenants.Tx, id inspection.EscalationID, ids ...inspection.EscalationID) (m Matter, others []Matter, err error) {
	rows, _ := tx.Query(ctx, `
		select `+matterColumns+` from `+matterTables+`
		where `+tenants.Reach("e")+` and e.id = any(@ids)
		order by e.tenant_id, e.id
		for update of e`, pgx.StrictNamedArgs{"ids": append(ids, id)})
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[Matter])
	if err != nil {
		return m, nil, fmt.Errorf("lock matters: %w", err)
	}
	for _, each := range all {
		if each.ID == id {
			m = each
		} else {
			others = append(others, each)
		}
	}
	if m.ID == id {
		return m, others, nil
	}
	if m, err = readMatter(ctx, tx, id); err != nil {
		return m, nil, err
	}
	err = inspection.Errorf(inspection.Conflict, "escalation.elsewhere", "该事项现为“%s”，由%s办理。", matters.Called[m.State], m.HolderName)
	return m, nil, happened(err, m.ChangedAt, m.ChangedBy)
}

// saveMatter stores what may change. The database refuses a column of the other side.
func saveMatter(ctx context.Context, tx *tenants.Tx, m Matter) (Matter, error) {
	m.Version++
	_, err := tx.Exec(ctx, `
		update escalations
		set number = nullif(@number, ''), state = @state, holder = @holder, reached = @reached, step_due = @step_due,
			title = @title, tried = @tried, why = @why, asked = @asked, submitted_at = @submitted_at,
			submitted_by = @submitted_by, confirmed_at = @confirmed_at, extended_to = @extended_to, closed_at = @closed_at,
			accepted_at = @accepted_at, accepted_number = nullif(@accepted_number, ''), return_code = @return_code,
			reason = @reason, outcome = @outcome, answer = @answer, answer_due = @answer_due,
			answered_at = @answered_at, answered_by = @answered_by, decision = @decision, decision_text = @decision_text,
			target = @target, decision_due = @decision_due, decided_at = @decided_at, dispute = @dispute,
			disputed_at = @disputed_at, changed_at = @changed_at, changed_by = @changed_by,
			version = @version
		where tenant_id = @tenant and id = @id`, pgx.StrictNamedArgs{
		"tenant": m.Tenant, "id": m.ID, "number": m.Number, "state": m.State, "holder": m.Holder, "reached": m.Reached,
		"step_due": m.StepDue, "title": m.Title, "tried": m.Tried, "why": m.Why, "asked": m.Asked,
		"submitted_at": m.SubmittedAt, "submitted_by": m.SubmittedBy, "confirmed_at": m.ConfirmedAt,
		"extended_to": m.ExtendedTo, "closed_at": m.ClosedAt, "accepted_at": m.AcceptedAt,
		"accepted_number": m.AcceptedNumber, "return_code": m.ReturnCode, "reason": m.Reason, "outcome": m.Outcome,
		"answer": m.Answer, "answer_due": m.AnswerDue, "answered_at": m.AnsweredAt, "answered_by": m.AnswererID,
		"decision": m.Decision, "decision_text": m.DecisionText, "target": m.Target, "decision_due": m.DecisionDue,
		"decided_at": m.DecidedAt, "dispute": m.Dispute, "disputed_at": m.DisputedAt,
		"changed_at": m.ChangedAt, "changed_by": m.ChangedBy, "version": m.Version,
	})
	if err != nil {
		return Matter{}, fmt.Errorf("save matter: %w", err)
	}
	return m, nil
}

// side says as which party the office acts.
func (m Matter) side(office tenants.ID) tenants.Side {
	if m.Tenant == office {
		return Raiser
	}
	return Holder
}

// Allowed lists what the scope may do to m.
func (m Matter) Allowed(scope tenants.Scope) []MatterAct {
	side := m.side(scope.Tenant())
	if side == Holder && m.Holder != scope.Tenant() {
		return []MatterAct{}
	}
	return slices.DeleteFunc(matters.Allowed(m.State, scope.Role(), side), func(do MatterAct) bool {
		return do == SplitMatter && m.Merged == 0 || do == DisputeMatter && m.DisputedAt != nil || do == StopMatter && m.Stopped
	})
}

// reachesAll reports whether an act of the holder is done to everything that it handles
// as one with the matter. What came up as one is accepted as one, too.
func (do MatterAct) reachesAll() bool {
	return do == TakeMatter || do == DecideMatter || do == NoteMatter || do == RaiseMatter || do == AnswerMatter || do == RefuseMatter
}

// internal reports whether an act stays inside the office that does it.
func (do MatterAct) internal() bool {
	return do == EditMatter || do == SubmitMatter || do == SendBackMatter
}

// step is what one act adds to the record.
type step struct {
	Text  string
	DueOn *inspection.Day
}

// move does one thing to a matter: it locks the row, asks the table, lets change
// fill the side's columns, and stores it with its step and its journal entry. What
// reaches all that the holder merged is done to each of them that stands where the
// matter stands.
func (s *Service) move(ctx context.Context, scope tenants.Scope, id inspection.EscalationID, version int, do MatterAct,
	change func(tx *tenants.Tx, m *Matter) (step, error),
) (m Matter, err error) {
	err = s.DB.In(ctx, scope.Wide(), func(tx *tenants.Tx) error {
		var ids []inspection.EscalationID
		if do.reachesAll() {
			if ids, err = mergedWith(ctx, tx, id); err != nil {
				return err
			}
		}
		before, others, err := lockMatter(ctx, tx, id, ids...)
		if err != nil {
			return err
		}
		to, err := matters.Next(before.State, do, scope.Role(), before.side(scope.Tenant()))
		if err != nil {
			return happened(err, before.ChangedAt, before.ChangedBy)
		}
		if before.Version != version {
			return meanwhile(ctx, tx, before)
		}
		all := []Matter{before}
		for _, other := range others {
			if before.State != Disputed && other.State == before.State { // a dispute is between two
				all = append(all, other)
			}
		}
		for _, each := range all {
			if err := s.moveOne(ctx, tx, each, do, to, all, change); err != nil {
				return err
			}
		}
		m, err = readMatter(ctx, tx, id) // with the names of who has it now
		return err
	})
	return m, err
}

// moveOne does to one locked matter what is done to all of them.
func (s *Service) moveOne(ctx context.Context, tx *tenants.Tx, before Matter, do MatterAct, to MatterState, all []Matter,
	change func(tx *tenants.Tx, m *Matter) (step, error),
) error {
	m := before
	m.State = to
	did, err := change(tx, &m)
	if err != nil {
		return err
	}
	if err := nameless(ctx, tx, all, did.Text); err != nil {
		return err
	}
	m.ChangedAt, m.ChangedBy = s.Clock(), actor(tx.Scope())
	if do != EditMatter {
		if err := addStep(ctx, tx, m, do, did); err != nil {
			return err
		}
	}
	if m, err = saveMatter(ctx, tx, m); err != nil {
		return err
	}
	journalBoth(tx, m.Tenant, tenants.Entry{
		Action: "escalation." + string(do), Object: "escalation", ID: m.ID.UUID, Before: before, After: m,
		Detail: tenants.Detail{Title: matters.Doing[do], Text: did.Text, Number: m.Number},
	})
	return nil
}

// addStep records the act. The row's version numbers the steps: the offices above
// do not see the steps inside the raiser's.
func addStep(ctx context.Context, tx *tenants.Tx, m Matter, do MatterAct, did step) error {
	_, err := tx.Exec(ctx, `
		insert into escalation_steps (tenant_id, escalation_id, seq, did, state, office, holder, internal, actor, at, text, due_on)
		values (@tenant, @id, @seq, @did, @state, current_setting('app.tenant')::int, @holder, @internal, @actor, @at,
			@text, @due)`, pgx.StrictNamedArgs{
		"tenant": m.Tenant, "id": m.ID, "seq": m.Version, "did": do, "state": m.State, "holder": m.Holder,
		"internal": do.internal(), "actor": tx.Scope().Name(), "at": m.ChangedAt, "text": did.Text, "due": did.DueOn,
	})
	if err != nil {
		return fmt.Errorf("add step: %w", err)
	}
	return nil
}

// opened turns the refusal of a second open matter about one finding into words.
func opened(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.ConstraintName == "escalations_open" {
		return inspection.Errorf(inspection.Conflict, "escalation.exists", "未能提请：该问题已有正在办理的上报事项。")
	}
	return err
}
