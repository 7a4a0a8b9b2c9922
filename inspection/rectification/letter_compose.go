package rectification

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// letterFacts are the records that a letter is filled in from.
type letterFacts struct {
	Unit     string         `db:"unit"`
	Item     string         `db:"item"`
	Problem  string         `db:"problem"`
	DueOn    inspection.Day `db:"due_on"`
	Earlier  []string       `db:"earlier"` // 提醒书（松巡办提〔2026〕31号）
	below    string         // the office below that an office above writes to
	office   string
	on       inspection.Day
	answerOn *inspection.Day
}

// compose fills in a letter as it would go out on a day. What the signer worded
// stands in for the template's own.
func (s *Reminders) compose(ctx context.Context, tx *tenants.Tx, m Reminder, on inspection.Day, ask string) (LetterText, error) {
	template, err := templateOf(ctx, tx, m.Title, m.Document)
	if err != nil {
		return LetterText{}, err
	}
	rows, _ := tx.Query(ctx, `
		select u.name as unit, f.number as item, f.text as problem, m.due_on,
			array(select e.title || '（' || e.number || '）' from reminders e
				where (e.tenant_id, e.finding_id, e.due_version) = (m.tenant_id, m.finding_id, m.due_version)
				  and e.number <> '' and e.planned_on < m.planned_on
				order by e.planned_on, e.made_at) as earlier
		from `+reminderJoins+`
		where `+tenants.Own("m")+` and m.id = @id`, pgx.StrictNamedArgs{"id": m.ID})
	facts, err := tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[letterFacts]))
	if err != nil {
		return LetterText{}, err
	}
	return s.fillIn(tx, template, facts, on, ask)
}

// templateOf returns the office's text for a series of documents.
func templateOf(ctx context.Context, tx *tenants.Tx, title, document string) (tenants.LetterText, error) {
	policy, err := tenants.PolicyOf(ctx, tx)
	if err != nil {
		return tenants.LetterText{}, err
	}
	template, ok := policy.Letters[document]
	if !ok {
		return template, inspection.Errorf(inspection.Conflict, "letter.no-template",
			"%s（“%s”字文号）还没有文书模板，请管理员在模板中补上后再签发。", title, document)
	}
	return template, nil
}

// fillIn puts the facts into a template, for a letter of the office of tx that goes
// out on a day.
func (s *Reminders) fillIn(tx *tenants.Tx, t tenants.LetterText, f letterFacts, on inspection.Day, ask string) (LetterText, error) {
	f.office, f.on = tx.Scope().Office().Office, on
	if t.AnswerDays > 0 {
		day, _ := s.Calendar.Add(on, t.AnswerDays)
		f.answerOn = &day // a day named in a letter stands, whatever is published later
	}
	return fillIn(t, f, ask)
}

// fillIn puts the facts into a template.
func fillIn(t tenants.LetterText, f letterFacts, ask string) (LetterText, error) {
	replace := f.replacer()
	if ask == "" {
		ask = replace.Replace(t.Ask)
	}
	text := LetterText{
		Head: f.office, Title: replace.Replace(t.Title), To: replace.Replace(t.To), Item: f.Item, Body: []string{}, Ask: ask,
		Reply: replace.Replace(t.Reply), AnswerOn: f.answerOn, DueOn: f.DueOn, Office: f.office, DatedOn: f.on,
	}
	for _, p := range t.Body {
		if p = replace.Replace(p); p != "" {
			text.Body = append(text.Body, p)
		}
	}
	if left := unfilled(t); left != "" {
		return text, inspection.Errorf(inspection.Conflict, "letter.unfilled", "文书模板中的“%s”无法填写，请管理员修改模板后再签发。", left)
	}
	return text, nil
}

// blank is a place of a template that is filled in.
var blank = regexp.MustCompile(`\{[^{}]*\}`)

// unfilled returns a place of the template that no record fills, or nothing.
func unfilled(t tenants.LetterText) string {
	for _, s := range slices.Concat([]string{t.Title, t.To, t.Ask, t.Reply}, t.Body) {
		for _, place := range blank.FindAllString(s, -1) {
			if !slices.Contains(letterPlaces, place) {
				return place
			}
		}
	}
	return ""
}

// letterPlaces are the places that the records fill.
var letterPlaces = []string{"{单位}", "{编号}", "{问题}", "{期限}", "{期限情况}", "{前次文书}", "{回复日期}", "{领导小组}", "{下级}"}

func (f letterFacts) replacer() *strings.Replacer {
	earlier, answer := "", ""
	if len(f.Earlier) > 0 {
		earlier = "此前已发出" + strings.Join(f.Earlier, "、") + "。"
	}
	if f.answerOn != nil {
		answer = longDay(*f.answerOn)
	}
	return strings.NewReplacer(
		"{单位}", f.Unit, "{编号}", f.Item, "{问题}", strings.TrimRight(f.Problem, "。；，.;, \n"),
		"{期限}", longDay(f.DueOn), "{期限情况}", standingWords(int(f.DueOn-f.on)), "{前次文书}", earlier,
		"{回复日期}", answer, "{领导小组}", strings.TrimSuffix(f.office, "办公室"), "{下级}", f.below,
	)
}

func standingWords(days int) string {
	switch {
	case days > 0:
		return fmt.Sprintf("距到期还有%d天", days)
	case days == 0:
		return "今天到期"
	}
	return fmt.Sprintf("已逾期%d天", -days)
}

// longDay is a day as documents write it (GB/T 9704-2012 §7.3.5.4: Arabic figures,
// no leading zeros).
func longDay(d inspection.Day) string {
	y, m, day := d.Date()
	return fmt.Sprintf("%d年%d月%d日", y, m, day)
}

// toUnit reports whether a letter goes to the unit.
func toUnit(m Reminder) bool {
	return slices.ContainsFunc(m.Recipients, tenants.Role.OfUnit)
}
