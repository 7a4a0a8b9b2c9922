package disclosure

import (
	"fmt"
	"strings"

	"xuncha/inspection"
	"xuncha/inspection/rounds"
	"xuncha/inspection/units"
	"xuncha/tenants"
)

// origin is everything that a draft is made from.
type origin struct {
	office tenants.Tenant
	unit   units.Unit
	round  rounds.Round
	months int // of rectification, by the round's policy
	ledger ledger
	today  inspection.Day
}

func (o origin) facts() Facts {
	feedback := o.round.EndsOn
	if o.round.FeedbackOn != nil {
		feedback = *o.round.FeedbackOn
	}
	return Facts{
		Publisher: o.office.Office, UnitName: fullUnit(o.office, o.unit.Name), UnitKind: string(o.unit.Kind),
		RoundName: o.round.Name, RoundTerm: o.round.Term, RoundSeq: o.round.Seq,
		RoundFrom: o.round.StartsOn, RoundUntil: o.round.EndsOn,
		FeedbackOn: feedback, PeriodFrom: feedback, PeriodUntil: feedback.AddMonths(o.months), AsOf: o.today,
		Tasks: o.ledger.tasks, RulesMade: o.ledger.made, RulesAmended: o.ledger.amended, RecoveredFen: o.ledger.recouped,
	}
}

// text proposes the parts of a 通报 in the order and words that readers know. What
// nobody can know from the ledger (meetings, what the head did) stays empty: a
// person writes it, the check asks for it.
func (o origin) text(f Facts, c Counts) Text {
	party := committee(o.office)
	return Text{
		Title: "中共" + f.UnitName + "关于" + party + "巡察集中整改进展情况的通报",
		Lead: fmt.Sprintf("根据%s统一部署，%s巡察组于%s至%s对%s开展了巡察，并于%s反馈了意见。"+
			"按照党务公开原则和巡察工作有关要求，现将集中整改进展情况予以公布。",
			party, party, Date(f.RoundFrom), Date(f.RoundUntil), f.UnitName, Date(f.FeedbackOn)),
		Organisation: f.organisation(c), NextSteps: c.nextSteps(),
		Phone: o.office.Phone, Dated: f.AsOf,
	}
}

func (f Facts) organisation(c Counts) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s将反馈的%d个问题细化为%d项整改任务，逐项明确责任和完成时限，形成问题清单、任务清单、责任清单。",
		partyBody(f.UnitName), c.Findings, f.Tasks)
	var done []string
	if f.RulesMade > 0 {
		done = append(done, fmt.Sprintf("新建制度%d项", f.RulesMade))
	}
	if f.RulesAmended > 0 {
		done = append(done, fmt.Sprintf("修订制度%d项", f.RulesAmended))
	}
	if f.RecoveredFen > 0 {
		done = append(done, "清退资金"+inspection.Money(f.RecoveredFen))
	}
	if len(done) > 0 {
		fmt.Fprintf(&b, "集中整改期间，%s。", strings.Join(done, "，"))
	}
	return b.String()
}

func (c Counts) nextSteps() string {
	var parts []string
	if c.Done > 0 {
		parts = append(parts, fmt.Sprintf("对已完成的%d个问题，巩固整改成果，防止反弹", c.Done))
	}
	if c.LongTerm > 0 {
		parts = append(parts, fmt.Sprintf("对长期整改的%d个问题，按阶段目标持续推进", c.LongTerm))
	}
	if c.Ongoing > 0 {
		parts = append(parts, fmt.Sprintf("对正在推进的%d个问题，按期完成", c.Ongoing))
	}
	return strings.Join(append(parts, "有关进展将及时向社会公布"), "；") + "。"
}

// item makes or refreshes one item. Words that a person wrote stay.
func (row Row) item(old Item) Item {
	it := old
	it.FindingID, it.Seq, it.Status = row.fact.finding, row.fact.seq, row.fact.status
	it.FinishedOn, it.NextOn, it.Ledger = row.fact.finishedOn, row.fact.nextOn, row
	if !it.Written {
		it.ItemText = row.propose()
	}
	return it
}

// differs reports whether the ledger says something else than the item.
func (it Item) differs() bool {
	f := it.Ledger.fact
	return f.status != it.Status || !sameDay(f.finishedOn, it.FinishedOn) || !sameDay(f.nextOn, it.NextOn)
}

func sameDay(a, b *inspection.Day) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}
