package rectification

import (
	"context"
	"fmt"
	"maps"
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
	text, err := put(t, f.places(), ask)
	text.Head, text.Item, text.AnswerOn, text.DueOn, text.Office, text.DatedOn = f.office, f.Item, f.answerOn, f.DueOn, f.office, f.on
	return text, err
}

// Composing is a letter that another room sends: of which series, and what its
// records say of the item.
type Composing struct {
	Document string // the series of its numbers
	Title    string // what people call it
	Item     string
	Places   map[string]string // {单位}: 县水务局党组; {回复日期} comes of itself
	Ask      string            // instead of the template's own, if any
}

// Compose fills in a letter of the office of tx that goes out on a day, and gives it
// its number.
func Compose(ctx context.Context, tx *tenants.Tx, calendar *inspection.Calendar, on inspection.Day, c Composing) (LetterText, error) {
	template, err := templateOf(ctx, tx, c.Title, c.Document)
	if err != nil {
		return LetterText{}, err
	}
	answerOn, _ := calendar.Add(on, template.AnswerDays) // a day named in a letter stands, whatever is published later
	places := maps.Clone(c.Places)
	places["{回复日期}"] = answerOn.Long()
	text, err := put(template, places, c.Ask)
	if err != nil {
		return text, err
	}
	office := tx.Scope().Office().Office
	text.Head, text.Item, text.AnswerOn, text.DueOn, text.Office, text.DatedOn = office, c.Item, &answerOn, answerOn, office, on
	text.Number, err = LetterNumber(ctx, tx, c.Document, on)
	return text, err
}

// put puts what the records say into the places of a template. What the signer
// worded stands in for the template's own. A place that no record fills is refused.
func put(t tenants.LetterText, places map[string]string, ask string) (LetterText, error) {
	var pairs []string
	for place, text := range places {
		pairs = append(pairs, place, text)
	}
	replace := strings.NewReplacer(pairs...)
	if ask == "" {
		ask = replace.Replace(t.Ask)
	}
	text := LetterText{Title: replace.Replace(t.Title), To: replace.Replace(t.To), Body: []string{}, Ask: ask, Reply: replace.Replace(t.Reply)}
	for _, p := range t.Body {
		if p = replace.Replace(p); p != "" {
			text.Body = append(text.Body, p)
		}
	}
	if left := unfilled(t, places); left != "" {
		return text, inspection.Errorf(inspection.Conflict, "letter.unfilled", "文书模板中的“%s”无法填写，请管理员修改模板后再签发。", left)
	}
	return text, nil
}

// blank is a place of a template that is filled in.
var blank = regexp.MustCompile(`\{[^{}]*\}`)

// unfilled returns a place of the template that no record fills, or nothing.
func unfilled(t tenants.LetterText, places map[string]string) string {
	for _, s := range slices.Concat([]string{t.Title, t.To, t.Ask, t.Reply}, t.Body) {
		for _, place := range blank.FindAllString(s, -1) {
			if _, known := places[place]; !known {
				return place
			}
		}
	}
	return ""
}

// places are what the records fill.
func (f letterFacts) places() map[string]string {
	earlier, answer := "", ""
	if len(f.Earlier) > 0 {
		earlier = "此前已发出" + strings.Join(f.Earlier, "、") + "。"
	}
	if f.answerOn != nil {
		answer = f.answerOn.Long()
	}
	return map[string]string{
		"{单位}": f.Unit, "{编号}": f.Item, "{问题}": Quoted(f.Problem),
		"{期限}": f.DueOn.Long(), "{期限情况}": standingWords(int(f.DueOn - f.on)), "{前次文书}": earlier,
		"{回复日期}": answer, "{领导小组}": strings.TrimSuffix(f.office, "办公室"), "{下级}": f.below,
	}
}

// Quoted is a text as it stands inside a sentence: without the stop at its end.
func Quoted(text string) string { return strings.TrimRight(text, "。；，.;, \n") }

func standingWords(days int) string {
	switch {
	case days > 0:
		return fmt.Sprintf("距到期还有%d天", days)
	case days == 0:
		return "今天到期"
	}
	return fmt.Sprintf("已逾期%d天", -days)
}

// toUnit reports whether a letter goes to the unit.
func toUnit(m Reminder) bool {
	return slices.ContainsFunc(m.Recipients, tenants.Role.OfUnit)
}
