package rectification

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/preview"
	"xuncha/tenants"
)

// Evidence is one whole file that proves something.
type Evidence struct {
	ID         inspection.EvidenceID  `json:"id" db:"id"`
	MeasureID  *inspection.MeasureID  `json:"measure" nullable:"true" db:"measure_id"`
	Name       string                 `json:"name" db:"name" maxLength:"140"`
	Type       string                 `json:"type" db:"type" maxLength:"100" doc:"Media type, by content"`
	Size       int64                  `json:"size" db:"size" minimum:"1" maximum:"209715200"`
	SHA256     string                 `json:"sha256" db:"sha256" maxLength:"64"`
	Note       string                 `json:"note" db:"note" maxLength:"500"`
	FormedOn   *inspection.Day        `json:"formed_on" nullable:"true" db:"formed_on" doc:"When the document itself was made, as the unit says"`
	CoversFrom *inspection.Day        `json:"covers_from" nullable:"true" db:"covers_from" doc:"覆盖期间, as the unit says"`
	CoversTo   *inspection.Day        `json:"covers_until" nullable:"true" db:"covers_until"`
	TakenAt    *time.Time             `json:"taken_at" nullable:"true" db:"taken_at" doc:"Of a picture, as the file says (EXIF)"`
	MadeAt     *time.Time             `json:"made_at" nullable:"true" db:"made_at" doc:"Of a document, as the file says"`
	EditedAt   *time.Time             `json:"edited_at" nullable:"true" db:"edited_at" doc:"Last changed, as the file says"`
	Pages      *int                   `json:"pages" nullable:"true" db:"pages" minimum:"1" maximum:"100000"`
	Encrypted  bool                   `json:"encrypted" db:"encrypted" doc:"加密文件，无法检测"`
	Active     bool                   `json:"active" db:"active" doc:"A PDF with script, programs or files inside: it is shown as pictures alone"`
	Scan       Scan                   `json:"scan" db:"scan" enum:"none,waiting,clean,infected" doc:"Whether it was looked through for viruses"`
	Virus      string                 `json:"virus" db:"virus" maxLength:"100" doc:"What was found in it, as the scanner calls it"`
	ScannedAt  *time.Time             `json:"scanned_at" nullable:"true" db:"scanned_at"`
	Barred     string                 `json:"barred" db:"-" maxLength:"200" doc:"Why you cannot open it now; empty if you can"`
	Inline     bool                   `json:"inline" db:"-" doc:"Browsers may show it"`
	Preview    bool                   `json:"preview" db:"-" doc:"We can show it as a page"`
	Leaves     bool                   `json:"leaves" db:"-" doc:"We can show it page by page, each as a picture"`
	Original   bool                   `json:"original" db:"-" doc:"You get the file as it was handed in; else a copy without what a camera wrote into it (place, owner, device)"`
	Submission *int                   `json:"submission" db:"submission" minimum:"1" maximum:"10000" doc:"With which it was first handed in; null while it may be withdrawn"`
	Relied     bool                   `json:"relied" db:"relied" doc:"Something was asked for, proposed or said on its strength: it is replaced, not withdrawn"`
	Replaces   *inspection.EvidenceID `json:"replaces" nullable:"true" db:"replaces"`
	Replaced   bool                   `json:"replaced" db:"replaced" doc:"Another took its place"`
	Reuses     *inspection.EvidenceID `json:"reuses" nullable:"true" db:"reuses" doc:"The evidence of another item of the unit whose file this is; null for one that was uploaded here"`
	Elsewhere  []Use                  `json:"elsewhere" db:"-" nullable:"false" maxItems:"10" doc:"Other items of the same unit that the same file proves; neutral"`
	ByName     string                 `json:"by" db:"by_name" maxLength:"100"`
	At         time.Time              `json:"at" db:"at"`
	Hints      []Hint                 `json:"hints" db:"-" nullable:"false" maxItems:"20" doc:"What reviewers should look at; neutral, and none for the unit"`

	TenantID  tenants.ID           `json:"-" db:"tenant_id"`
	FindingID inspection.FindingID `json:"-" db:"finding_id"`
	UnitID    inspection.UnitID    `json:"-" db:"unit_id"`
	ByID      *inspection.MemberID `json:"-" db:"by_id"`
	Blob      string               `json:"-" db:"blob"`
	Picture   *int64               `json:"-" db:"picture"` // perceptual hash
	Seen      []seen               `json:"-" db:"seen"`
}

// Hint is a reason to look twice at a file. It is no verdict.
type Hint struct {
	Code string `json:"code" maxLength:"30" doc:"same-file, before-feedback, taken-before, encrypted, active"`
	Text string `json:"text" maxLength:"300"`
}

const evidenceColumns = `e.id, e.measure_id, e.name, e.type, e.size, encode(e.sha256, 'hex') as sha256, e.note, e.formed_on,
	e.covers_from, e.covers_until, e.taken_at, e.made_at, e.edited_at, e.pages, e.picture, e.encrypted, e.active, e.scan, e.virus, e.scanned_at,
	e.submission, e.relied, e.replaces, e.replaced, e.reuses, e.by_id, e.by_name, e.at, e.tenant_id, e.finding_id, e.unit_id, e.blob,
	` + usesOf + ` as seen`

// see fills in what follows from who looks.
func (e *Evidence) see(scope tenants.Scope, feedback *inspection.Day) {
	e.Inline, e.Preview, e.Leaves, e.Original = files.Inline(e.Type), preview.Can(e.Type), preview.Leaves(e.Type), e.wholly(scope)
	e.Barred = detailOf(e.barred(scope))
	e.Hints, e.Elsewhere = []Hint{}, []Use{}
	for _, u := range e.Seen {
		if u.Own {
			e.Elsewhere = append(e.Elsewhere, u.Use)
		}
	}
	if scope.Role().OfUnit() {
		return
	}
	for _, u := range e.Seen {
		e.Hints = append(e.Hints, u.hint())
	}
	if feedback != nil && e.FormedOn != nil && *e.FormedOn < *feedback {
		e.Hints = append(e.Hints, Hint{"before-feedback", "形成日期早于反馈日期"})
	}
	if feedback != nil && e.TakenAt != nil && inspection.DayOf(*e.TakenAt) < *feedback {
		e.Hints = append(e.Hints, Hint{"taken-before", "拍摄时间早于反馈日期"})
	}
	if e.Encrypted {
		e.Hints = append(e.Hints, Hint{"encrypted", "加密文件，无法检测"})
	}
	if e.Active {
		e.Hints = append(e.Hints, Hint{"active", "PDF 含脚本、可执行动作或内嵌文件，只以图片显示"})
	}
}

// Complete makes evidence of an upload that is whole: it looks at what the file
// is, puts its parts together and checks the digest. Asked again, it answers the
// same.
func (s *Service) Complete(ctx context.Context, scope tenants.Scope, id inspection.UploadID) (e Evidence, err error) {
	p, err := s.Upload(ctx, scope, id)
	if err != nil {
		return e, err
	}
	if p.State == "done" {
		return s.oneEvidence(ctx, scope, *p.Evidence)
	}
	if err := p.whole(); err != nil {
		return e, err
	}
	look, err := files.Inspect(s.Files.At(ctx, p.Parts), p.Size, p.Name)
	if err != nil {
		return e, errors.Join(err, s.refuse(scope, p, err))
	}
	found := s.scan(ctx, io.NewSectionReader(s.Files.At(ctx, p.Parts), 0, p.Size))
	if found.Scan == ScanInfected {
		return e, s.quarantine(ctx, scope, p, found)
	}
	about := files.Describe(s.Files.At(ctx, p.Parts), p.Size, look.Kind)
	if e, err = s.assembled(ctx, scope, p, look, about); err != nil {
		return e, err
	}
	e.Scan, e.ScannedAt = found.Scan, found.at
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		e, err = s.attach(ctx, tx, p, e)
		return err
	})
	if err != nil {
		return e, err
	}
	_ = s.dropParts(ctx, p) // the cleaner finds what is left
	return e, nil
}

// whole refuses an upload that lacks bytes, or has ended.
func (p Upload) whole() error {
	if err := p.at(p.Received); err != nil && inspection.CodeOf(err) != "upload.parts" {
		return err
	}
	if p.Received < p.Size {
		return &inspection.Error{
			Kind: inspection.Conflict, Code: "upload.incomplete", Current: p,
			Detail: fmt.Sprintf("还差 %d 字节，请继续上传。", p.Size-p.Received),
		}
	}
	return nil
}

// refuse ends an upload whose file may not be handed in, in a transaction of its
// own: the refusal stays when the request that brought it is undone.
func (s *Service) refuse(scope tenants.Scope, p Upload, why error) error {
	if inspection.KindOf(why) == inspection.Internal {
		return nil
	}
	action, title := "evidence.refuse", "未接收文件"
	switch inspection.CodeOf(why) {
	case inspection.CodeOf(files.ErrSecret): // who answers for secrecy looks for these
		action, title = "evidence.secret", "拒收带密级标志的文件"
	case codeVirus:
		action, title = "evidence.quarantine", "隔离含病毒的文件"
	}
	ctx, cancel := context.WithTimeout(context.Background(), finishing)
	defer cancel()
	_, err := s.endUpload(ctx, scope, p.ID, "refused", tenants.Entry{
		Action: action, Object: "finding", ID: p.FindingID.UUID, Unit: p.UnitID, Denied: true,
		Detail: tenants.Detail{Title: title, Text: detailOf(why)},
	})
	return errors.Join(err, s.dropParts(ctx, p))
}

// assembled puts the parts together under a key of their own. Until the row is
// written the file is nobody's, and the cleaner may take it.
func (s *Service) assembled(ctx context.Context, scope tenants.Scope, p Upload, look files.Look, about files.Meta) (Evidence, error) {
	digest, err := files.ResumeDigest(p.Hash)
	if err != nil {
		return Evidence{}, fmt.Errorf("resume digest: %w", err)
	}
	sum := digest.Sum(nil)
	e := Evidence{
		ID: inspection.EvidenceID{UUID: p.ID.UUID}, MeasureID: p.MeasureID, Name: look.Named(p.Name), Type: look.Type,
		Size: p.Size, SHA256: fmt.Sprintf("%x", sum), Note: p.Note, FormedOn: p.FormedOn, CoversFrom: p.CoversFrom, CoversTo: p.CoversTo, Encrypted: look.Encrypted, Active: look.Active,
		TakenAt: about.TakenAt, MadeAt: about.MadeAt, EditedAt: about.EditedAt, Pages: about.Pages, Picture: about.Picture,
		Replaces: p.Replaces, ByID: new(scope.Member()), ByName: scope.Name(), At: s.Clock(), TenantID: scope.Tenant(), FindingID: p.FindingID,
		UnitID: p.UnitID, Blob: scope.Office().Slug + "/evidence/" + p.ID.String(),
	}
	return e, s.Files.Assemble(ctx, p.Parts, e.Blob, sum)
}

// attach writes the row, which is what makes the file visible.
func (s *Service) attach(ctx context.Context, tx *tenants.Tx, p Upload, e Evidence) (Evidence, error) {
	c, err := lock(ctx, tx, p.FindingID)
	if err != nil {
		return e, err
	}
	if _, err := cases.Next(c.State, Attach, tx.Scope().Role()); err != nil {
		return e, c.told(err)
	}
	if p, err = getUpload(ctx, tx, p.ID, "for update"); err != nil {
		return e, err
	}
	if p.State == "done" {
		return getEvidence(ctx, tx, *p.Evidence, "")
	}
	if err := p.whole(); err != nil {
		return e, err
	}
	if e, err = insertEvidence(ctx, tx, e); err != nil {
		return e, err
	}
	title := "上传佐证"
	if e.Replaces != nil {
		title = "替换佐证"
	}
	entry := c.entry("evidence.add", title, e.Name, nil)
	entry.After = e
	tx.Journal(entry)
	e.see(tx.Scope(), c.FeedbackOn)
	return e, s.touch(ctx, tx, c)
}

func insertEvidence(ctx context.Context, tx *tenants.Tx, e Evidence) (Evidence, error) {
	rows, _ := tx.Query(ctx, `
		select name from evidence e where `+tenants.Own("e")+` and finding_id = @id and withdrawn_at is null`,
		pgx.StrictNamedArgs{"id": e.FindingID})
	taken, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return e, fmt.Errorf("names of evidence: %w", err)
	}
	e.Name = files.Distinct(e.Name, taken)
	_, err = tx.Exec(ctx, `
		with old as (
			update evidence e set replaced = true where `+tenants.Own("e")+` and e.id = @replaces),
		upload as (
			update uploads p set state = 'done', evidence_id = @id where `+tenants.Own("p")+` and p.id = @id)
		insert into evidence (id, finding_id, unit_id, measure_id, name, type, size, sha256, note, formed_on, covers_from,
			covers_until, taken_at, made_at, edited_at, pages, picture, encrypted, active, scan, scanned_at, blob, replaces, reuses,
			by_id, by_name, at)
		values (@id, @finding, @unit, @measure, @name, @type, @size, decode(@sha256, 'hex'), @note, @formed_on, @covers_from,
			@covers_until, @taken_at, @made_at, @edited_at, @pages, @picture, @encrypted, @active, @scan, @scanned_at, @blob, @replaces,
			@reuses, @by_id, @by_name, @at)`,
		pgx.StrictNamedArgs{
			"id": e.ID, "finding": e.FindingID, "unit": e.UnitID, "measure": e.MeasureID, "name": e.Name, "type": e.Type,
			"size": e.Size, "sha256": e.SHA256, "note": e.Note, "formed_on": e.FormedOn, "covers_from": e.CoversFrom,
			"covers_until": e.CoversTo, "taken_at": e.TakenAt, "made_at": e.MadeAt, "edited_at": e.EditedAt, "pages": e.Pages,
			"picture": e.Picture, "encrypted": e.Encrypted, "active": e.Active, "scan": e.Scan, "scanned_at": e.ScannedAt, "blob": e.Blob, "replaces": e.Replaces, "reuses": e.Reuses, "by_id": tx.Scope().Member(), "by_name": e.ByName, "at": e.At,
		})
	if err != nil {
		return e, fmt.Errorf("add evidence: %w", err)
	}
	return e, nil
}

func (s *Service) oneEvidence(ctx context.Context, scope tenants.Scope, id inspection.EvidenceID) (e Evidence, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		e, err = getEvidence(ctx, tx, id, "")
		return err
	})
	e.see(scope, nil)
	return e, err
}

func getEvidence(ctx context.Context, tx *tenants.Tx, id inspection.EvidenceID, locking string) (Evidence, error) {
	rows, _ := tx.Query(ctx, `
		select `+evidenceColumns+` from evidence e
		where `+tx.Scope().Rows("e")+` and e.id = @id and e.withdrawn_at is null `+locking, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Evidence]))
}

// Withdraw takes evidence back that was not handed in yet, and on whose strength nothing
// was asked for, proposed or said.
func (s *Service) Withdraw(ctx context.Context, scope tenants.Scope, id inspection.EvidenceID) error {
	return s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		e, err := getEvidence(ctx, tx, id, "")
		if err != nil {
			return err
		}
		c, err := lock(ctx, tx, e.FindingID)
		if err != nil {
			return err
		}
		if _, err := cases.Next(c.State, Attach, scope.Role()); err != nil {
			return c.told(err)
		}
		tag, err := tx.Exec(ctx, `
			with old as (
				update evidence e set replaced = false where `+tenants.Own("e")+` and e.id = @replaces)
			update evidence e set withdrawn_at = @at
			where `+tenants.Own("e")+` and e.id = @id and e.submission is null and not e.relied and not e.replaced
			  and e.withdrawn_at is null`,
			pgx.StrictNamedArgs{"at": s.Clock(), "id": id, "replaces": e.Replaces})
		if err != nil {
			return fmt.Errorf("withdraw evidence: %w", err)
		}
		if tag.RowsAffected() == 0 && e.Submission == nil && !e.Replaced {
			return inspection.Errorf(inspection.Conflict, "evidence.relied", "佐证已用作延期申请、长期复核或存疑说明的依据，不能删除，可以替换。")
		}
		if tag.RowsAffected() == 0 {
			return inspection.Errorf(inspection.Conflict, "evidence.handed-in", "佐证已随事项提交，不能删除，可以替换。")
		}
		entry := c.entry("evidence.withdraw", "删除佐证", e.Name, e)
		entry.After = nil
		tx.Journal(entry)
		return s.touch(ctx, tx, c)
	})
}

// ProvingFiles returns the files of a case on whose strength something may be asked for,
// in the order in which they came: none that was withdrawn, replaced or quarantined.
func ProvingFiles(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) ([]inspection.EvidenceID, error) {
	rows, _ := tx.Query(ctx, `
		select e.id from evidence e
		where `+tenants.Own("e")+` and e.finding_id = @id and `+provingFile+`
		order by e.at, e.id`, pgx.StrictNamedArgs{"id": id})
	there, err := pgx.CollectRows(rows, pgx.RowTo[inspection.EvidenceID])
	if err != nil {
		return nil, fmt.Errorf("look for evidence: %w", err)
	}
	return there, nil
}

// UnknownFiles says of each of these files, the list at pointer, that it is not, or no
// longer, evidence of the case: what is asked for on the strength of files names files of
// the case.
func UnknownFiles(
	ctx context.Context, tx *tenants.Tx, id inspection.FindingID, pointer string, files []inspection.EvidenceID,
) (bad inspection.Fields, err error) {
	there, err := ProvingFiles(ctx, tx, id)
	if err != nil {
		return nil, err
	}
	for i, f := range files {
		if !slices.Contains(there, f) {
			bad = append(bad, inspection.Field{
				Pointer: fmt.Sprintf("%s/%d", pointer, i), Code: "unknown-evidence", Message: "该文件不是此事项的佐证，或已撤回、替换、隔离。请重新选择。",
			})
		}
	}
	return bad, nil
}
