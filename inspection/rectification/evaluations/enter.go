package evaluations

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Entering is what the group writes; what is absent stays.
type Entering struct {
	Entries *[]Deducting `json:"entries,omitempty" nullable:"false" maxItems:"200" doc:"All deductions"`
	Marks   *[]Marking   `json:"marks,omitempty" nullable:"false" maxItems:"12" doc:"The grades of your own party"`
	Survey  *Survey      `json:"survey,omitempty"`
}

// Deducting is one deduction.
type Deducting struct {
	Item   string    `json:"item" minLength:"1" maxLength:"10"`
	Points Points    `json:"points" minimum:"0" maximum:"10000" doc:"Tenths of a point"`
	Reason string    `json:"reason" maxLength:"1000" doc:"Needed unless a proposal is followed"`
	Links  []LinkKey `json:"links" maxItems:"200" nullable:"false" doc:"The rows; those of the proposal if absent"`
}

// LinkKey names a row.
type LinkKey struct {
	Kind string    `json:"kind" enum:"item,plan,report,progress-owed,head-owed"`
	ID   uuid.UUID `json:"id" format:"uuid"`
}

// Marking is the grade of one aspect.
type Marking struct {
	Aspect string `json:"aspect" minLength:"1" maxLength:"40"`
	Grade  string `json:"grade" minLength:"1" maxLength:"10"`
	Note   string `json:"note" maxLength:"1000"`
}

// Enter saves what a person of the group writes.
func (s *Service) Enter(ctx context.Context, scope tenants.Scope, id ID, version int, in Entering) (Evaluation, error) {
	return s.act(ctx, scope, id, version, Enter, func(tx *tenants.Tx, r *row, sh *sheet) (string, error) {
		if err := inGroup(tx, sh); err != nil {
			return "", err
		}
		if err := rectification.NotOwn(ctx, tx, r.UnitID, errOwnWork); err != nil {
			return "", err
		}
		var bad inspection.Fields
		if in.Entries != nil {
			if err := s.enter(ctx, tx, r, sh, *in.Entries, &bad); err != nil {
				return "", err
			}
		}
		if in.Marks != nil {
			r.mark(scope.Role(), sh, *in.Marks, &bad)
		}
		if in.Survey != nil {
			in.Survey.check(s.Clock.Today(), &bad)
			sh.Survey = in.Survey
		}
		return "", bad.Err("evaluation.invalid")
	})
}

// enter takes deductions over, each with its reason and its rows.
func (s *Service) enter(ctx context.Context, tx *tenants.Tx, r *row, sh *sheet, ins []Deducting, bad *inspection.Fields) error {
	n, err := s.draft(ctx, tx, *r, *sh)
	if err != nil {
		return err
	}
	known, err := linksOf(ctx, tx, r.about())
	if err != nil {
		return err
	}
	proposals := r.Card.propose(n.Facts, n.Tally)
	byItem := map[string]Entry{}
	sums := map[string]Points{}
	for i, in := range ins {
		at := fmt.Sprintf("/entries/%d", i)
		say := func(part, code, format string, args ...any) {
			*bad = append(*bad, inspection.Field{Pointer: at + part, Code: code, Message: fmt.Sprintf(format, args...)})
		}
		it, a, ok := r.Card.item(in.Item)
		if _, twice := byItem[in.Item]; !ok || twice || it.Fact == Satisfaction {
			say("/item", "choice", "没有这个扣分项，或重复填写，或由系统折算。")
			continue
		}
		if in.Points > it.Cap {
			say("/points", "number-range", "扣分项 %s 最多扣 %s 分。", it.ID, it.Cap)
		}
		e := Entry{Item: it.ID, Points: in.Points, Links: []Link{}}
		links := proposed(proposals, it.ID, &e)
		follows := in.Points == e.Proposed && e.Proposed > 0
		e.Reason = bad.Text(at+"/reason", in.Reason, !follows, 1000)
		if len(in.Links) == 0 && in.Points > 0 {
			e.Links = listed(links)
		}
		for k, l := range in.Links {
			link, ok := find(l, links, known)
			if !ok {
				say(fmt.Sprintf("/links/%d", k), "unknown", "所选依据不属于该单位本轮次的事项或方案，请重新选择。")
			}
			e.Links = append(e.Links, link)
		}
		if in.Points > 0 && len(e.Links) == 0 && it.Fact != PlanMissing {
			say("/links", "required", "扣分项 %s 扣分须注明依据：选择相关事项或整改方案。", it.ID)
		}
		byItem[it.ID] = e
		sums[a.Key] += in.Points
	}
	for _, a := range r.Card.Aspects {
		if sums[a.Key] > a.Weight {
			*bad = append(*bad, inspection.Field{
				Pointer: "/entries", Code: "sum", Message: fmt.Sprintf("“%s”扣分合计 %s 分，超过该项满分 %s 分。", a.Name, sums[a.Key], a.Weight),
			})
		}
	}
	sh.Entries = []Entry{}
	for _, a := range r.Card.Aspects { // in the order of the card
		for _, it := range a.Items {
			if e, ok := byItem[it.ID]; ok {
				sh.Entries = append(sh.Entries, e)
			}
		}
	}
	return nil
}

// proposed notes what the system proposes for the entry's item, and returns the rows.
func proposed(ps []Proposal, item string, e *Entry) []Link {
	for _, p := range ps {
		if p.Item == item {
			e.Proposed = p.Points
			return p.Links
		}
	}
	return nil
}

// find returns the row that is named: as the proposal says it, or as it is known.
func find(l LinkKey, lists ...[]Link) (Link, bool) {
	for _, list := range lists {
		if i := slices.IndexFunc(list, func(k Link) bool { return k.Kind == l.Kind && k.ID == l.ID }); i >= 0 {
			return list[i], true
		}
	}
	return Link{}, false
}

// linksOf lists every row that a deduction may name: the unit's problems of the
// round and its plans.
func linksOf(ctx context.Context, tx *tenants.Tx, of about) ([]Link, error) {
	rows, _ := tx.Query(ctx, `
		select 'item' as kind, r.finding_id as id, f.number, left(f.text, 100) as text, null::date as "on"
		from rectifications r join findings f on f.tenant_id = r.tenant_id and f.id = r.finding_id
		where `+tenants.Own("r")+` and r.unit_id = @unit and f.round_id = @round and r.issued_at is not null and r.withdrawn_at is null
		union all
		select 'plan', p.id, '', '整改方案第' || p.edition || '版', null
		from plans p where `+tenants.Own("p")+` and p.unit_id = @unit and p.round_id = @round
		order by number, text`, pgx.StrictNamedArgs{"unit": of.unit, "round": of.round})
	ls, err := pgx.CollectRows(rows, pgx.RowToStructByName[Link])
	if err != nil {
		return nil, fmt.Errorf("rows of unit: %w", err)
	}
	return ls, nil
}

// Rows lists what a deduction in an evaluation may name.
func (s *Service) Rows(ctx context.Context, scope tenants.Scope, id ID) (ls []Link, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		r, err := readRow(ctx, tx, id, "")
		if err != nil {
			return err
		}
		ls, err = linksOf(ctx, tx, r.about())
		return err
	})
	return ls, err
}

// mark replaces the grades of one party.
func (r *row) mark(party tenants.Role, sh *sheet, ins []Marking, bad *inspection.Fields) {
	say := func(pointer, code, message string) {
		*bad = append(*bad, inspection.Field{Pointer: pointer, Code: code, Message: message})
	}
	if !slices.Contains(r.Card.Parties, party) {
		say("/marks", "choice", "此评分表不由"+party.Party()+"评定。")
		return
	}
	others := slices.DeleteFunc(slices.Clone(sh.Marks), func(m Mark) bool { return m.Party == party })
	own := map[string]Mark{}
	for i, in := range ins {
		at := fmt.Sprintf("/marks/%d", i)
		_, known := r.Card.aspect(in.Aspect)
		if _, twice := own[in.Aspect]; !known || twice {
			say(at+"/aspect", "choice", "没有这个方面，或重复填写。")
			continue
		}
		if r.Card.grade(in.Grade) < 0 {
			say(at+"/grade", "choice", "没有这个等次。")
		}
		own[in.Aspect] = Mark{Aspect: in.Aspect, Party: party, Grade: in.Grade, Note: bad.Text(at+"/note", in.Note, false, 1000)}
	}
	sh.Marks = []Mark{}
	for _, a := range r.Card.Aspects {
		for _, p := range r.Card.Parties {
			for _, m := range others {
				if m.Aspect == a.Key && m.Party == p {
					sh.Marks = append(sh.Marks, m)
				}
			}
			if m, ok := own[a.Key]; ok && p == party {
				sh.Marks = append(sh.Marks, m)
			}
		}
	}
}

// check says what is wrong with a survey's counts.
func (v Survey) check(today inspection.Day, bad *inspection.Fields) {
	say := func(pointer, message string) {
		*bad = append(*bad, inspection.Field{Pointer: "/survey" + pointer, Code: "number-range", Message: message})
	}
	if v.Returned > v.Given {
		say("/returned", "回收数不能大于发放数。")
	}
	if sum := v.Content + v.Fair + v.Discontent + v.Unknown; sum > v.Returned {
		say("/content", fmt.Sprintf("各项合计 %d，不能大于回收数 %d。", sum, v.Returned))
	}
	if v.On > today {
		say("/on", "测评日期不能晚于今天。")
	}
}

// missing says what lacks before the group can finish.
func (n Snapshot) missing() []string {
	lacks := []string{}
	if len(n.People) == 0 {
		lacks = append(lacks, "还没有组建评估组。")
	}
	if n.Card.Kind == ByPoints {
		for _, p := range n.Card.propose(n.Facts, n.Tally) {
			if !slices.ContainsFunc(n.Entries, func(e Entry) bool { return e.Item == p.Item }) {
				lacks = append(lacks, fmt.Sprintf("扣分项 %s 的建议还没有处理：%s。", p.Item, p.Text))
			}
		}
	} else {
		for _, p := range n.Card.Parties {
			given := 0
			for _, m := range n.Marks {
				if m.Party == p {
					given++
				}
			}
			if left := len(n.Card.Aspects) - given; left > 0 {
				lacks = append(lacks, fmt.Sprintf("%s还有 %d 个方面没有评定。", p.Party(), left))
			}
		}
	}
	if s := n.satisfied(); !s.Enough {
		lacks = append(lacks, fmt.Sprintf("满意度有效答复 %d 份，至少需要 %d 份。请录入测评结果。", s.Answers, n.Card.Scale.Least))
	}
	return lacks
}
