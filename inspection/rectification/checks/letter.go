package checks

import (
	"context"
	"encoding/hex"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// document is the series of the letters' numbers: 青巡办检〔2026〕3号.
const document = "检"

// letterTitle is what people call such a letter.
const letterTitle = "督办单"

// Letter is what the director asks of a unit after a visit (督办单): as it was sent,
// and what the unit says to it.
type Letter struct {
	Visit      VisitID                  `json:"visit"`
	Finding    inspection.FindingID     `json:"finding"`
	Unit       inspection.UnitID        `json:"unit"`
	UnitName   string                   `json:"unit_name" maxLength:"100"`
	Text       rectification.LetterText `json:"text" doc:"As it was sent"`
	Digest     string                   `json:"digest" maxLength:"64" doc:"SHA-256 of the text as it was sent"`
	Intact     bool                     `json:"intact" doc:"The text is still the one whose digest was taken"`
	IssuedAt   time.Time                `json:"issued_at"`
	Answer     string                   `json:"answer" maxLength:"2000" doc:"Empty before"`
	AnsweredBy string                   `json:"answered_by" maxLength:"100"`
	AnsweredAt *time.Time               `json:"answered_at"`
	MayAnswer  bool                     `json:"may_answer" doc:"You may answer it"`
}

// compose writes the letter of a visit that is being confirmed.
func (s *Service) compose(ctx context.Context, tx *tenants.Tx, v Visit) (rectification.LetterText, error) {
	return rectification.Compose(ctx, tx, s.Cases.Calendar, s.Clock.Today(), rectification.Composing{
		Document: document, Title: letterTitle, Item: v.Number, Ask: v.OutcomeNote,
		Places: map[string]string{
			"{单位}": v.UnitName, "{编号}": v.Number, "{问题}": rectification.Quoted(v.Text), "{轮次}": roundWords[v.N],
			"{检查日期}": inspection.DayOf(*v.VisitedAt).Long(), "{结论}": v.Verdict.Word(), "{现场情况}": v.Seen,
		},
	})
}

// Letter returns the letter of a confirmed visit: to the office any of its own, to a
// unit what was sent to it.
func (s *Service) Letter(ctx context.Context, scope tenants.Scope, id VisitID) (l Letter, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		l, err = letter(ctx, tx, id)
		return err
	})
	return l, err
}

func letter(ctx context.Context, tx *tenants.Tx, id VisitID) (Letter, error) {
	type row struct {
		Finding    inspection.FindingID `db:"finding_id"`
		Unit       inspection.UnitID    `db:"unit_id"`
		UnitName   string               `db:"unit_name"`
		Text       []byte               `db:"letter"`
		Digest     []byte               `db:"digest"`
		IssuedAt   time.Time            `db:"confirmed_at"`
		Answer     string               `db:"answer"`
		AnsweredBy string               `db:"answered_by"`
		AnsweredAt *time.Time           `db:"answered_at"`
	}
	rows, _ := tx.Query(ctx, `
		select c.finding_id, c.unit_id, u.name as unit_name, c.letter, c.digest, c.confirmed_at, coalesce(a.text, '') as answer,
			coalesce(a.answered_by, '') as answered_by, a.answered_at
		from check_results c
		join units u on u.tenant_id = c.tenant_id and u.id = c.unit_id
		left join check_answers a on a.tenant_id = c.tenant_id and a.visit_id = c.visit_id
		where `+tenants.Own("c")+` and c.visit_id = @id and c.letter is not null`, pgx.StrictNamedArgs{"id": id})
	r, err := tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[row]))
	if err != nil {
		return Letter{}, err
	}
	l := Letter{
		Visit: id, Finding: r.Finding, Unit: r.Unit, UnitName: r.UnitName, Digest: hex.EncodeToString(r.Digest),
		IssuedAt: r.IssuedAt, Answer: r.Answer, AnsweredBy: r.AnsweredBy, AnsweredAt: r.AnsweredAt,
	}
	l.Text, l.Intact = rectification.SignedText(r.Text, r.Digest)
	l.MayAnswer = tx.Scope().Role().OfUnit() && l.AnsweredAt == nil
	return l, nil
}

// Whole returns an error if the letter is not what was sent: nobody works on with such
// a paper.
func (l Letter) Whole() error {
	if l.Intact {
		return nil
	}
	return rectification.Altered(letterTitle)
}

// Sealed lists the letters that were sent after visits, for [tenants.DB.VerifySealed].
func Sealed(ctx context.Context, tx *tenants.Tx) ([]tenants.Sealed, error) {
	rows, _ := tx.Query(ctx, `
		select 'letter ' || c.number as called, 'check.result' as act, c.letter as text, c.digest
		from check_results c
		where `+tenants.Own("c")+` and c.letter is not null
		order by c.number`)
	return tenants.CollectSealed(rows, rectification.IsSigned)
}

// AnswerLetter records what the unit says to a letter, once. One that is not what was
// sent nobody answers.
func (s *Service) AnswerLetter(ctx context.Context, scope tenants.Scope, id VisitID, text string) (l Letter, err error) {
	if text, err = cleanOne("/text", text, 2000); err != nil {
		return l, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if err := scope.Role().Allow(tenants.UNIT, tenants.HEAD); err != nil {
			return err
		}
		if l, err = letter(ctx, tx, id); err != nil {
			return err
		}
		if err := l.Whole(); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
			insert into check_answers (visit_id, unit_id, text, answered_by, answered_at)
			values (@id, @unit, @text, @by, @at)
			on conflict do nothing`, pgx.StrictNamedArgs{"id": id, "unit": l.Unit, "text": text, "by": scope.Name(), "at": s.Clock()})
		if err != nil {
			return fmt.Errorf("answer letter: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return inspection.Errorf(inspection.Conflict, "check.answered", "此件已回复，不能再次回复。")
		}
		tx.Journal(tenants.Entry{
			Action: "check.answer", Object: "finding", ID: l.Finding.UUID, Unit: l.Unit,
			Detail: tenants.Detail{Title: "回复督办单 " + l.Text.Number, Text: text, Number: l.Text.Item},
		})
		l, err = letter(ctx, tx, id)
		return err
	})
	return l, err
}
