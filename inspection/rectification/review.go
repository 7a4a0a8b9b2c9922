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

// Opinion is what one party thinks of a handing-in. Nobody changes it.
type Opinion struct {
	Submission int          `json:"submission" db:"submission" minimum:"1" maximum:"10000"`
	Party      tenants.Role `json:"party" db:"party"`
	Verdict    Verdict      `json:"verdict" db:"verdict"`
	Reasons    []Reason     `json:"reasons" db:"reasons" nullable:"false" maxItems:"10"`
	Note       string       `json:"note" db:"note" maxLength:"2000"`
	ByName     string       `json:"by" db:"by_name" maxLength:"100"`
	At         time.Time    `json:"at" db:"at"`
}

const opinionColumns = `o.submission, o.party, o.verdict, o.reasons, o.note, o.by_name, o.at`

// Giving is a request to give an opinion.
type Giving struct {
	Submission int      `json:"submission" minimum:"1" maximum:"10000" doc:"Which handing-in was reviewed"`
	Verdict    Verdict  `json:"verdict"`
	Reasons    []Reason `json:"reasons,omitempty" maxItems:"8" nullable:"false" doc:"At least one unless the verdict is agree"`
	Note       string   `json:"note,omitempty" maxLength:"2000"`
}

func (g Giving) clean() (Giving, error) {
	var bad inspection.Fields
	g.Note = bad.Text("/note", g.Note, slices.Contains(g.Reasons, Other), 2000)
	g.Reasons = g.Verdict.Explained(&bad, g.Reasons, true)
	return g, bad.Err("rectification.invalid")
}

// Explained returns the reasons that go with the verdict, a list also when there are
// none, and notes in bad what is wrong with them: one that does not agree has some if
// they are needed, and one that agrees has none.
func (v Verdict) Explained(bad *inspection.Fields, reasons []Reason, needed bool) []Reason {
	if v != Agree && len(reasons) == 0 && needed {
		*bad = append(*bad, inspection.Field{Pointer: "/reasons", Code: "required", Message: "请选择至少一条理由。"})
	}
	if v == Agree && len(reasons) > 0 {
		*bad = append(*bad, inspection.Field{Pointer: "/reasons", Code: "not-with-agree", Message: "同意时不需要选择理由，意见可写在说明里。"})
	}
	if reasons == nil {
		return []Reason{}
	}
	return reasons
}

// Give records one party's opinion on what was handed in. Other parties see it
// when all are in.
func (s *Service) Give(ctx context.Context, scope tenants.Scope, id inspection.FindingID, g Giving) (o Opinion, err error) {
	if g, err = g.clean(); err != nil {
		return o, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		c, sub, err := s.underReview(ctx, tx, id, Opine)
		if err != nil {
			return err
		}
		if sub.N != g.Submission {
			return c.told(inspection.Errorf(inspection.Conflict, "rectification.other-submission", "此事项已重新提交，请按最新一次的内容审核。"))
		}
		if !slices.Contains(sub.Parties, scope.Role()) {
			return scope.Role().Allow(sub.Parties...)
		}
		if err := s.unclaimed(ctx, tx, c, sub); err != nil {
			return err
		}
		o = Opinion{
			Submission: sub.N, Party: scope.Role(), Verdict: g.Verdict, Reasons: g.Reasons, Note: g.Note,
			ByName: scope.Name(), At: s.Clock(),
		}
		if err := addOpinion(ctx, tx, c, o); err != nil {
			return err
		}
		tx.Journal(tenants.Entry{ // without the unit: its people do not see who says what, and when
			Action: "rectification.opinion", Object: "finding", ID: c.ID.UUID, After: o,
			Detail: tenants.Detail{Title: o.Party.Name() + "已提交审核意见", Number: c.Number},
		})
		return reveal(ctx, tx, c, sub, o.Party)
	})
	return o, err
}

// underReview locks a case that was handed in and returns its handing-in, unless
// the one who acts may not do so in this state or wrote it.
func (s *Service) underReview(ctx context.Context, tx *tenants.Tx, id inspection.FindingID, do Action) (Case, Submission, error) {
	c, err := lock(ctx, tx, id)
	if err != nil {
		return c, Submission{}, err
	}
	if _, err := cases.Next(c.State, do, tx.Scope().Role()); err != nil {
		return c, Submission{}, c.told(err)
	}
	sub, err := lastSubmission(ctx, tx, c)
	if err != nil {
		return c, sub, err
	}
	return c, sub, notOwn(ctx, tx, c, sub)
}

func lastSubmission(ctx context.Context, tx *tenants.Tx, c Case) (Submission, error) {
	rows, _ := tx.Query(ctx, `
		select `+submissionColumns+` from submissions s
		where `+tenants.Own("s")+` and s.finding_id = @id and s.n = @n`,
		pgx.StrictNamedArgs{"id": c.ID, "n": c.Submission})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Submission]))
}

// notOwn refuses somebody who handed it in, or who is of the unit.
func notOwn(ctx context.Context, tx *tenants.Tx, c Case, sub Submission) error {
	own, err := OfUnit(ctx, tx, c.UnitID)
	if err != nil {
		return err
	}
	if own || sub.ByID == tx.Scope().Member() {
		return inspection.Errorf(inspection.Forbidden, "rectification.own-work", "不能审核本单位提交的内容，需由其他人员办理。")
	}
	return nil
}

// OfUnit reports whether who acts holds or held an authority of the unit, or acts
// for the party that the unit itself is: nobody judges what their own organisation
// did.
func OfUnit(ctx context.Context, tx *tenants.Tx, unit inspection.UnitID) (own bool, err error) {
	err = tx.QueryRow(ctx, `
		select exists (select from grants g where `+tenants.Own("g")+` and g.member_id = @me and g.unit_id = @unit)
			or exists (select from units u where `+tenants.Own("u")+` and u.id = @unit and u.acts_as = @role)`,
		pgx.StrictNamedArgs{"me": tx.Scope().Member(), "unit": unit, "role": tx.Scope().Role()}).Scan(&own)
	if err != nil {
		return false, fmt.Errorf("whose work it is: %w", err)
	}
	return own, nil
}

// NotOwn refuses who is of the unit, as [OfUnit] has it, with the room's own words.
func NotOwn(ctx context.Context, tx *tenants.Tx, unit inspection.UnitID, refusal error) error {
	own, err := OfUnit(ctx, tx, unit)
	if err == nil && own {
		err = refusal
	}
	return err
}

func addOpinion(ctx context.Context, tx *tenants.Tx, c Case, o Opinion) error {
	tag, err := tx.Exec(ctx, `
		insert into opinions (finding_id, submission, party, verdict, reasons, note, by_id, by_name, at)
		values (@id, @n, @party, @verdict, @reasons, @note, @by_id, @by_name, @at)
		on conflict do nothing`, pgx.StrictNamedArgs{
		"id": c.ID, "n": o.Submission, "party": o.Party, "verdict": o.Verdict, "reasons": o.Reasons, "note": o.Note,
		"by_id": tx.Scope().Member(), "by_name": o.ByName, "at": o.At,
	})
	if err != nil {
		return fmt.Errorf("add opinion: %w", err)
	}
	if tag.RowsAffected() == 1 {
		return nil
	}
	os, err := opinionsOf(ctx, tx, c.ID)
	if err != nil {
		return err
	}
	for _, was := range os {
		if was.Submission == o.Submission && was.Party == o.Party {
			c.ChangedBy, c.ChangedAt = was.ByName, was.At
			return c.told(inspection.Errorf(inspection.Conflict, "rectification.opinion-given", "%s的审核意见已提交。", o.Party.Name()))
		}
	}
	return inspection.Errorf(inspection.Forbidden, "rectification.second-party", "你已代表其他审核单位提交意见，%s的意见需由其他人员提交。", o.Party.Name())
}

// reveal opens the opinions to each other when the last one is in, and notes
// whether all agree.
func reveal(ctx context.Context, tx *tenants.Tx, c Case, sub Submission, party tenants.Role) error {
	var all bool
	err := tx.QueryRow(ctx, `select sec.reveal_opinions(@id, @n)`,
		pgx.StrictNamedArgs{"id": c.ID, "n": sub.N}).Scan(&all)
	if err != nil {
		return fmt.Errorf("reveal opinions: %w", err)
	}
	_, err = tx.Exec(ctx, `
		update submissions s
		set given = s.given || @party::text,
			agreed = case when @all then not exists (
				select from opinions o
				where `+tenants.Own("o")+` and o.finding_id = @id and o.submission = @n and o.verdict <> @agree) end
		where `+tenants.Own("s")+` and s.finding_id = @id and s.n = @n`,
		pgx.StrictNamedArgs{"party": party, "all": all, "agree": Agree, "id": c.ID, "n": sub.N})
	if err != nil {
		return fmt.Errorf("note opinion: %w", err)
	}
	return nil
}

func opinionsOf(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) ([]Opinion, error) {
	rows, _ := tx.Query(ctx, opinionsQuery, pgx.StrictNamedArgs{"id": id})
	os, err := pgx.CollectRows(rows, pgx.RowToStructByName[Opinion])
	if err != nil {
		return nil, fmt.Errorf("list opinions: %w", err)
	}
	return os, nil
}

var opinionsQuery = `
	select ` + opinionColumns + ` from opinions o
	where ` + tenants.Own("o") + ` and o.finding_id = @id
	order by o.submission, o.at, o.party`

// Returning sends a case back.
type Returning struct {
	Reasons []Reason `json:"reasons" minItems:"1" maxItems:"8" nullable:"false" doc:"Those of the parties' that are kept"`
	Letter  string   `json:"letter" minLength:"1" maxLength:"5000" doc:"The consolidated return, as the unit reads it"`
}

// Accepting ends a review because all agree.
type Accepting struct {
	LongTerm bool            `json:"long_term,omitempty" doc:"Keep it as a long-term case (长期整改) instead of closing it"`
	ReviewOn *inspection.Day `json:"review_on,omitempty" doc:"When a long-term case comes back; the policy's period if absent"`
	Note     string          `json:"note,omitempty" maxLength:"5000"`
}

// Return sends the case back with one consolidated letter. All parties have
// answered and at least one does not agree. One that was a long-term case is one again,
// and comes back on the day on which it would have.
func (s *Service) Return(ctx context.Context, scope tenants.Scope, id inspection.FindingID, version int, r Returning) (Case, error) {
	return s.decide(ctx, scope, id, version, Return, decision{reasons: r.Reasons, letter: r.Letter})
}

// Accept ends the review because all parties agree: closed, or kept as a
// long-term case with a day on which it comes back.
func (s *Service) Accept(ctx context.Context, scope tenants.Scope, id inspection.FindingID, version int, a Accepting) (Case, error) {
	do := Accept
	if a.LongTerm {
		do = Keep
	}
	return s.decide(ctx, scope, id, version, do, decision{letter: a.Note, reviewOn: a.ReviewOn})
}

// decision ends a joint review.
type decision struct {
	reasons  []Reason
	letter   string
	reviewOn *inspection.Day
}

func (s *Service) decide(
	ctx context.Context, scope tenants.Scope, id inspection.FindingID, version int, do Action, d decision,
) (Case, error) {
	return s.act(ctx, scope, id, version, func(tx *tenants.Tx, c *Case) (e tenants.Entry, err error) {
		to, err := cases.Next(c.State, do, scope.Role())
		if err != nil {
			return e, err
		}
		if d, err = d.clean(do); err != nil {
			return e, err
		}
		sub, err := lastSubmission(ctx, tx, *c)
		if err != nil {
			return e, err
		}
		if err = notOwn(ctx, tx, *c, sub); err != nil {
			return e, err
		}
		if err = ready(sub, do); err != nil {
			return e, err
		}
		if err = notAlone(ctx, tx, sub, c.ID); err != nil {
			return e, err
		}
		c.State = to
		if err = s.settle(ctx, tx, c, d); err != nil {
			return e, err
		}
		if err = s.closeSubmission(ctx, tx, *c, sub, d); err != nil {
			return e, err
		}
		if do == Return && c.ReviewOn != nil { // its clock stands still, so it does not become overdue by being returned
			if c.State, err = cases.Next(Submitted, Retain, tenants.System); err != nil {
				return e, err
			}
		}
		return c.entry("rectification."+string(do), do.Word(), inspection.Line(d.letter), nil), nil
	})
}

func (d decision) clean(do Action) (decision, error) {
	var bad inspection.Fields
	pointer := "/note"
	if do == Return {
		pointer = "/letter"
	}
	d.letter = bad.Text(pointer, d.letter, do == Return, 5000)
	if do == Return && len(d.reasons) == 0 {
		bad = append(bad, inspection.Field{Pointer: "/reasons", Code: "required", Message: "请选择至少一条理由。"})
	}
	if do != Keep && d.reviewOn != nil {
		bad = append(bad, inspection.Field{Pointer: "/review_on", Code: "only-long-term", Message: "只有转入长期整改时填写复核日期。"})
	}
	if d.reasons == nil {
		d.reasons = []Reason{}
	}
	return d, bad.Err("rectification.invalid")
}

// ready names the step that is missing before the review can end like this.
func ready(sub Submission, do Action) error {
	if sub.Agreed == nil {
		var waiting []string
		for _, p := range sub.Parties {
			if !slices.Contains(sub.Given, p) {
				waiting = append(waiting, p.Name())
			}
		}
		return inspection.Errorf(inspection.Conflict, "rectification.opinions-missing", "还缺%s的审核意见。", strings.Join(waiting, "、"))
	}
	if *sub.Agreed && do == Return {
		return inspection.Errorf(inspection.Conflict, "rectification.all-agree", "各方均已同意，不能退回。")
	}
	if !*sub.Agreed && do != Return {
		return inspection.Errorf(inspection.Conflict, "rectification.not-agreed", "有审核方未同意，应汇总意见后退回。")
	}
	return nil
}

// notAlone refuses who is the only one that reviewed the handing-in: a review takes two.
func notAlone(ctx context.Context, tx *tenants.Tx, sub Submission, id inspection.FindingID) error {
	var alone bool
	err := tx.QueryRow(ctx, `
		select coalesce(bool_and(o.by_id = @me), false) from opinions o
		where `+tenants.Own("o")+` and o.finding_id = @id and o.submission = @n`,
		pgx.StrictNamedArgs{"me": tx.Scope().Member(), "id": id, "n": sub.N}).Scan(&alone)
	if err != nil {
		return fmt.Errorf("who reviewed: %w", err)
	}
	if alone {
		return inspection.Errorf(inspection.Forbidden, "rectification.own-review", "审核意见只由你一人提交，需由其他人员汇总办理。")
	}
	return nil
}

// settle writes into the case what its new state needs.
func (s *Service) settle(ctx context.Context, tx *tenants.Tx, c *Case, d decision) error {
	now := s.Clock()
	today := inspection.DayOf(now)
	switch c.State {
	case Returned:
		c.ReturnedAt, c.ReturnNote = &now, d.letter
	case Closed:
		s.close(c)
	case LongTerm:
		day := d.reviewOn
		if day == nil {
			p, err := PolicyOf(ctx, tx, c.ID)
			if err != nil {
				return err
			}
			day = new(today.AddMonths(p.LongTermReviewMonths))
		}
		if *day <= today {
			return inspection.Fields{{Pointer: "/review_on", Code: "deadline-order", Message: "复核日期应在今天之后。"}}.Err("rectification.invalid")
		}
		s.comeBack(c, *day, Keep.Word())
	}
	return nil
}

func (s *Service) closeSubmission(ctx context.Context, tx *tenants.Tx, c Case, sub Submission, d decision) error {
	_, err := tx.Exec(ctx, `
		update submissions s
		set outcome = @outcome, reasons = @reasons, letter = @letter, decided_id = @by_id, decided_by = @by_name, decided_at = @at
		where `+tenants.Own("s")+` and s.finding_id = @id and s.n = @n`, pgx.StrictNamedArgs{
		"outcome": c.State, "reasons": d.reasons, "letter": d.letter, "by_id": tx.Scope().Member(),
		"by_name": tx.Scope().Name(), "at": s.Clock(), "id": c.ID, "n": sub.N,
	})
	if err != nil {
		return fmt.Errorf("end review: %w", err)
	}
	return nil
}
