package rectification

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// maxNotes is how many notes one party may have on one handing-in.
const maxNotes = 200

// PageNote is what a reviewer notes on a page of a file that was handed in (批注). It
// is for the reviewer's party alone until the opinions are opened to each other, as the
// opinions are, and goes to the unit with the return. Nobody changes it; it may be
// taken back until the party's opinion is given.
type PageNote struct {
	ID         inspection.EvidenceNoteID `json:"id" db:"id"`
	Evidence   inspection.EvidenceID     `json:"evidence" db:"evidence_id"`
	Submission int                       `json:"submission" db:"submission" minimum:"1" maximum:"10000"`
	Page       int                       `json:"page" db:"page" minimum:"1" maximum:"100000" doc:"Counted from 1; of a picture 1, of a workbook the sheet, of slides the slide"`
	Text       string                    `json:"text" db:"text" maxLength:"500"`
	Party      tenants.Role              `json:"party" db:"party"`
	ByName     string                    `json:"by" db:"by_name" maxLength:"100"`
	At         time.Time                 `json:"at" db:"at"`
	IssuedAt   *time.Time                `json:"issued_at" nullable:"true" db:"issued_at" doc:"When it went to the unit, with the return"`
	Revealed   bool                      `json:"revealed" db:"revealed" doc:"The other parties see it"`
	Mine       bool                      `json:"mine" db:"mine" doc:"You wrote it"`
}

const noteColumns = `n.id, n.evidence_id, n.submission, n.page, n.text, n.party, n.by_name, n.at, n.issued_at, n.revealed,
	n.by_id = nullif(current_setting('app.member'), '')::uuid as mine`

// Noting is a request to note something on a page.
type Noting struct {
	Page int    `json:"page" minimum:"1" maximum:"100000"`
	Text string `json:"text" minLength:"1" maxLength:"500"`
}

func (n Noting) clean(e Evidence) (Noting, error) {
	var bad inspection.Fields
	n.Text = bad.Text("/text", n.Text, true, 500)
	last := maxLeaf
	if e.Pages != nil {
		last = *e.Pages
	}
	if e.Type != "" && !e.Leaves && !e.Preview { // a picture, a film, what is only saved
		last = 1
	}
	if n.Page < 1 || n.Page > last {
		bad = append(bad, inspection.Field{Pointer: "/page", Code: "no-page", Message: fmt.Sprintf("这份文件只有 %d 页，请改为其中一页。", last)})
	}
	return n, bad.Err("rectification.invalid")
}

// maxLeaf is the last page that anything may be noted on.
const maxLeaf = 100_000

// Note notes something on a page of a file that is under review.
func (s *Service) Note(ctx context.Context, scope tenants.Scope, id inspection.EvidenceID, n Noting) (p PageNote, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		e, err := getEvidence(ctx, tx, id, "")
		if err != nil {
			return err
		}
		e.see(scope, nil)
		if n, err = n.clean(e); err != nil {
			return err
		}
		c, sub, err := s.noting(ctx, tx, e)
		if err != nil {
			return err
		}
		p = PageNote{
			ID: inspection.NewID[inspection.EvidenceNoteID](), Evidence: e.ID, Submission: sub.N, Page: n.Page, Text: n.Text,
			Party: scope.Role(), ByName: scope.Name(), At: s.Clock(), Mine: true,
		}
		if err := fewNotes(ctx, tx, c, sub); err != nil {
			return err
		}
		if err := addNote(ctx, tx, c, p, nil); err != nil {
			return err
		}
		entry := noteEntry(c, e, p, "evidence.note", "批注佐证")
		entry.After = p
		tx.Journal(entry)
		return nil
	})
	return p, err
}

// noteEntry says that something was noted on a page, or taken back: what it says is the
// party's alone as long as the opinions are, so the journal keeps its digest.
func noteEntry(c Case, e Evidence, p PageNote, action, title string) tenants.Entry {
	return claimEntry(c, action, title, fmt.Sprintf("%s 第 %d 页", e.Name, p.Page))
}

// noting locks the case of a file, and refuses who may not note anything on it: the
// file was not handed in with what is reviewed, it is another's work, or the party has
// given its opinion.
func (s *Service) noting(ctx context.Context, tx *tenants.Tx, e Evidence) (Case, Submission, error) {
	c, sub, err := s.underReview(ctx, tx, e.FindingID, Opine)
	if err != nil {
		return c, sub, err
	}
	role := tx.Scope().Role()
	if !slices.Contains(sub.Parties, role) {
		return c, sub, role.Allow(sub.Parties...)
	}
	if slices.Contains(sub.Given, role) {
		return c, sub, inspection.Errorf(inspection.Conflict, "evidence.note-late", "%s的审核意见已提交，批注不能再增减。", role.Name())
	}
	if e.Submission == nil {
		return c, sub, inspection.Errorf(inspection.Conflict, "evidence.note-early", "这份文件还没有随事项提交，不能批注。")
	}
	return c, sub, s.unclaimed(ctx, tx, c, sub)
}

func fewNotes(ctx context.Context, tx *tenants.Tx, c Case, sub Submission) error {
	var there int
	err := tx.QueryRow(ctx, `
		select count(*) from evidence_notes n
		where `+tenants.Own("n")+` and n.finding_id = @id and n.submission = @n and n.party = @party`,
		pgx.StrictNamedArgs{"id": c.ID, "n": sub.N, "party": tx.Scope().Role()}).Scan(&there)
	if err != nil {
		return fmt.Errorf("count notes: %w", err)
	}
	if there >= maxNotes {
		return inspection.Errorf(inspection.Conflict, "evidence.notes-many", "批注已有 %d 条。其余请写在审核意见里。", maxNotes)
	}
	return nil
}

// addNote adds a note, or a row that takes one back.
func addNote(ctx context.Context, tx *tenants.Tx, c Case, p PageNote, withdraws *inspection.EvidenceNoteID) error {
	_, err := tx.Exec(ctx, `
		insert into evidence_notes (id, evidence_id, finding_id, submission, unit_id, page, text, withdraws, party, by_id, by_name, at)
		values (@id, @evidence, @finding, @n, @unit, @page, @text, @withdraws, @party, @by_id, @by_name, @at)`,
		pgx.StrictNamedArgs{
			"id": p.ID, "evidence": p.Evidence, "finding": c.ID, "n": p.Submission, "unit": c.UnitID, "page": p.Page, "text": p.Text,
			"withdraws": withdraws, "party": p.Party, "by_id": tx.Scope().Member(), "by_name": p.ByName, "at": p.At,
		})
	if err != nil {
		return fmt.Errorf("add note: %w", err)
	}
	return nil
}

// WithdrawNote takes a note of one's own back, until the party's opinion is given.
func (s *Service) WithdrawNote(ctx context.Context, scope tenants.Scope, id inspection.EvidenceNoteID) error {
	return s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+noteColumns+` from evidence_notes n where `+tenants.Own("n")+` and n.id = @id and `+standingNote,
			pgx.StrictNamedArgs{"id": id})
		p, err := tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[PageNote]))
		if err != nil {
			return err
		}
		e, err := getEvidence(ctx, tx, p.Evidence, "")
		if err != nil {
			return err
		}
		c, sub, err := s.noting(ctx, tx, e)
		if err != nil {
			return err
		}
		if !p.Mine || p.Submission != sub.N {
			return inspection.Errorf(inspection.Forbidden, "evidence.note-other", "只有写批注的人可以撤回，且只在本次审核中。")
		}
		entry := noteEntry(c, e, p, "evidence.note-withdraw", "撤回批注")
		entry.Before = p
		tx.Journal(entry)
		p.Text, p.At, p.ByName = "", s.Clock(), scope.Name()
		p.ID = inspection.NewID[inspection.EvidenceNoteID]()
		return addNote(ctx, tx, c, p, &id)
	})
}

// standingNote holds for a note that was not taken back, and for no row that takes one back.
const standingNote = `n.withdraws is null
	and not exists (select from evidence_notes w where w.tenant_id = n.tenant_id and w.finding_id = n.finding_id and w.withdraws = n.id)`

// Notes returns the notes on the files of an item that the scope may see, by file and
// page: a party its own until the opinions are opened, the unit what came with a
// return, the levels above none.
func (s *Service) Notes(ctx context.Context, scope tenants.Scope, id inspection.FindingID) (ps []PageNote, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+noteColumns+` from evidence_notes n
			where `+tenants.Own("n")+` and n.finding_id = @id and `+standingNote+`
			order by n.evidence_id, n.page, n.at, n.id`, pgx.StrictNamedArgs{"id": id})
		ps, err = pgx.CollectRows(rows, pgx.RowToStructByName[PageNote])
		if err != nil {
			return fmt.Errorf("list notes: %w", err)
		}
		return nil
	})
	if ps == nil {
		ps = []PageNote{}
	}
	return ps, err
}
