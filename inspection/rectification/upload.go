package rectification

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
)

// Limits of uploads that are under way.
const (
	maxUploads = 20             // of one person
	maxParts   = 2000           // of one upload
	uploadLife = 24 * time.Hour // how long one may rest
	finishing  = 10 * time.Second
)

// Upload is a file on its way in. Only who began it sees it, and nothing of it is
// evidence before it is whole.
type Upload struct {
	ID        inspection.UploadID    `json:"id" db:"id"`
	FindingID inspection.FindingID   `json:"item" db:"finding_id"`
	MeasureID *inspection.MeasureID  `json:"measure" nullable:"true" db:"measure_id"`
	Replaces  *inspection.EvidenceID `json:"replaces" nullable:"true" db:"replaces"`
	Name      string                 `json:"name" db:"name" maxLength:"120" doc:"As it will be kept"`
	Size      int64                  `json:"size" db:"size" minimum:"1" maximum:"209715200"`
	Received  int64                  `json:"received" db:"received" minimum:"0" maximum:"209715200" doc:"Bytes so far: the next chunk begins here"`
	Note      string                 `json:"note" db:"note" maxLength:"500"`
	FormedOn  *inspection.Day        `json:"formed_on" nullable:"true" db:"formed_on"`

	CoversFrom *inspection.Day `json:"covers_from" nullable:"true" db:"covers_from"`
	CoversTo   *inspection.Day `json:"covers_until" nullable:"true" db:"covers_until"`

	State    string                 `json:"state" db:"state" enum:"open,done,refused,abandoned"`
	Evidence *inspection.EvidenceID `json:"evidence" nullable:"true" db:"evidence_id" doc:"What came of it"`
	At       time.Time              `json:"at" db:"at"`

	Parts  []files.Part      `json:"-" db:"parts"`
	Hash   []byte            `json:"-" db:"hash"` // state of the digest after the bytes received
	UnitID inspection.UnitID `json:"-" db:"unit_id"`
}

const uploadColumns = `p.id, p.finding_id, p.measure_id, p.replaces, p.name, p.size, p.received, p.note, p.formed_on, p.covers_from, p.covers_until, p.state,
	p.evidence_id, p.at, p.parts, p.hash, p.unit_id`

// Uploading is a request to begin an upload.
type Uploading struct {
	Name      string                 `json:"name" minLength:"1" maxLength:"500"`
	Size      int64                  `json:"size" minimum:"0" maximum:"9007199254740991" doc:"In bytes, at most 200 MB"`
	Measure   *inspection.MeasureID  `json:"measure,omitempty" doc:"The measure that it proves"`
	Replaces  *inspection.EvidenceID `json:"replaces,omitempty" doc:"Evidence whose place it takes; both stay once handed in"`
	FormedOn  *inspection.Day        `json:"formed_on,omitempty" doc:"When the document itself was made"`
	Covers    *Period                `json:"covers,omitempty" doc:"The period that it speaks of (覆盖期间)"`
	Note      string                 `json:"note,omitempty" maxLength:"500"`
	NotSecret bool                   `json:"not_secret" doc:"The declaration 本文件不含国家秘密; must be true"`
}

// Period is a span of days, both ends included.
type Period struct {
	From  inspection.Day `json:"from"`
	Until inspection.Day `json:"until"`
}

// ends returns both ends of a period that may be missing.
func (p *Period) ends() (from, until *inspection.Day) {
	if p == nil {
		return nil, nil
	}
	return &p.From, &p.Until
}

func (u Uploading) clean(today inspection.Day) (Uploading, error) {
	var bad inspection.Fields
	u.Note = bad.Text("/note", u.Note, false, 500)
	name, wrong := files.CleanName("/name", u.Name)
	u.Name, bad = name, append(bad, wrong...)
	if u.Size == 0 {
		bad = append(bad, inspection.Field{Pointer: "/size", Code: "empty-file", Message: "文件是空的，请检查后再上传。"})
	}
	bad = append(bad, daysWrong(u.FormedOn, u.Covers, today)...)
	if !u.NotSecret {
		bad = append(bad, inspection.Field{Pointer: "/not_secret", Code: "required", Message: "请确认本文件不含国家秘密。"})
	}
	if len(bad) > 0 {
		return u, inspection.InvalidFields(bad[0].Code, bad[0].Message, bad...)
	}
	if u.Size > files.MaxSize {
		return u, inspection.Errorf(inspection.TooLarge, "too-large", "单个文件不超过 200 MB。请压缩或拆分后再上传。")
	}
	return u, nil
}

// BeginUpload opens an upload of evidence for a case of the caller's unit.
func (s *Service) BeginUpload(ctx context.Context, scope tenants.Scope, id inspection.FindingID, u Uploading) (p Upload, err error) {
	if u, err = u.clean(s.Clock.Today()); err != nil {
		return p, err
	}
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		c, err := lock(ctx, tx, id)
		if err != nil {
			return err
		}
		if _, err := cases.Next(c.State, Attach, scope.Role()); err != nil {
			return c.told(err)
		}
		if err := belongs(ctx, tx, c, u.Measure, u.Replaces); err != nil {
			return err
		}
		if err := fewUploads(ctx, tx); err != nil {
			return err
		}
		p = Upload{
			ID: inspection.NewID[inspection.UploadID](), FindingID: c.ID, UnitID: c.UnitID, MeasureID: u.Measure,
			Replaces: u.Replaces, Name: u.Name, Size: u.Size, Note: u.Note, FormedOn: u.FormedOn, State: "open", At: s.Clock(),
		}
		p.CoversFrom, p.CoversTo = u.Covers.ends()
		return addUpload(ctx, tx, p)
	})
	return p, err
}

// belongs refuses a measure or an evidence of another case.
func belongs(ctx context.Context, tx *tenants.Tx, c Case, m *inspection.MeasureID, replaces *inspection.EvidenceID) error {
	var measure, replaced bool
	err := tx.QueryRow(ctx, `
		select
			@measure::uuid is null or exists (select from measures m
				where `+tenants.Own("m")+` and m.id = @measure and m.finding_id = @id and m.withdrawn_at is null),
			@replaces::uuid is null or exists (select from evidence e
				where `+tenants.Own("e")+` and e.id = @replaces and e.finding_id = @id and e.withdrawn_at is null and not e.replaced)`,
		pgx.StrictNamedArgs{"measure": m, "replaces": replaces, "id": c.ID}).Scan(&measure, &replaced)
	switch {
	case err != nil:
		return fmt.Errorf("what the file belongs to: %w", err)
	case !measure:
		return inspection.Fields{{Pointer: "/measure", Code: "unknown-measure", Message: "该措施不属于此事项。"}}.Err("rectification.invalid")
	case !replaced:
		return inspection.Fields{{Pointer: "/replaces", Code: "unknown-evidence", Message: "该佐证不属于此事项，或已被替换。"}}.Err("rectification.invalid")
	}
	return nil
}

// fewUploads refuses one upload too many of one person.
func fewUploads(ctx context.Context, tx *tenants.Tx) error {
	var under int
	err := tx.QueryRow(ctx, `select count(*) from uploads p where `+tenants.Own("p")+` and p.state = 'open' and p.by_id = @me`,
		pgx.StrictNamedArgs{"me": tx.Scope().Member()}).Scan(&under)
	if err != nil {
		return fmt.Errorf("uploads under way: %w", err)
	}
	if under >= maxUploads {
		return inspection.Errorf(inspection.Busy, "too-many-uploads", "正在上传的文件过多。完成或取消一些后再继续。")
	}
	return nil
}

func addUpload(ctx context.Context, tx *tenants.Tx, p Upload) error {
	_, err := tx.Exec(ctx, `
		insert into uploads (id, finding_id, unit_id, measure_id, replaces, name, size, note, formed_on, covers_from, covers_until,
			by_id, by_name, at)
		values (@id, @finding, @unit, @measure, @replaces, @name, @size, @note, @formed_on, @covers_from, @covers_until,
			@by_id, @by_name, @at)`,
		pgx.StrictNamedArgs{
			"id": p.ID, "finding": p.FindingID, "unit": p.UnitID, "measure": p.MeasureID, "replaces": p.Replaces,
			"name": p.Name, "size": p.Size, "note": p.Note, "formed_on": p.FormedOn,
			"covers_from": p.CoversFrom, "covers_until": p.CoversTo, "by_id": tx.Scope().Member(), "by_name": tx.Scope().Name(), "at": p.At,
		})
	if err != nil {
		return fmt.Errorf("begin upload: %w", err)
	}
	return nil
}

// Upload returns an upload of the caller, and how far it is.
func (s *Service) Upload(ctx context.Context, scope tenants.Scope, id inspection.UploadID) (p Upload, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		p, err = getUpload(ctx, tx, id, "")
		return err
	})
	return p, err
}

func getUpload(ctx context.Context, tx *tenants.Tx, id inspection.UploadID, locking string) (Upload, error) {
	rows, _ := tx.Query(ctx, `
		select `+uploadColumns+` from uploads p
		where `+tenants.Own("p")+` and p.id = @id `+locking, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Upload]))
}

// at refuses a chunk that does not follow what was received.
func (p Upload) at(offset int64) error {
	switch {
	case p.State != "open":
		return inspection.Errorf(inspection.Conflict, "upload.ended", "此次上传已结束。")
	case offset != p.Received:
		return &inspection.Error{
			Kind: inspection.Conflict, Code: "upload.offset", Current: p,
			Detail: fmt.Sprintf("已收到 %d 字节，请从此处继续上传。", p.Received),
		}
	case len(p.Parts) >= maxParts:
		return inspection.Errorf(inspection.Conflict, "upload.parts", "分段过多。请取消后重新上传。")
	}
	return nil
}

// Receive takes the chunk that begins at offset. A chunk that is cut short counts
// as far as it came; the error is then [files.ErrCut].
func (s *Service) Receive(ctx context.Context, scope tenants.Scope, id inspection.UploadID, offset int64, body io.Reader) (p Upload, err error) {
	if p, err = s.Upload(ctx, scope, id); err != nil {
		return p, err
	}
	if err = p.at(offset); err != nil {
		return p, err
	}
	digest, err := files.ResumeDigest(p.Hash)
	if err != nil {
		return p, fmt.Errorf("resume digest: %w", err)
	}
	part, cut := s.Files.Append(ctx, s.partsOf(scope, id), body, min(files.MaxChunk, p.Size-p.Received), digest)
	if part.Size == 0 {
		return p, cut
	}
	state, err := digest.State()
	if err != nil {
		return p, fmt.Errorf("keep digest: %w", err)
	}
	// The sender may be gone; what came is written down all the same.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), finishing)
	defer cancel()
	if p, err = s.received(ctx, scope, id, offset, part, state); err != nil {
		return p, errors.Join(err, s.Files.Delete(ctx, part.Key))
	}
	return p, cut
}

func (s *Service) partsOf(scope tenants.Scope, id inspection.UploadID) string {
	return scope.Office().Slug + "/uploads/" + id.String()
}

// received adds the part if nobody else added one since offset was looked up.
func (s *Service) received(
	ctx context.Context, scope tenants.Scope, id inspection.UploadID, offset int64, part files.Part, hash []byte,
) (p Upload, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if p, err = getUpload(ctx, tx, id, "for update"); err != nil {
			return err
		}
		if err := p.at(offset); err != nil {
			return err
		}
		p.Received, p.Parts, p.Hash = offset+part.Size, append(p.Parts, part), hash
		_, err := tx.Exec(ctx, `
			update uploads p set received = @received, parts = @parts, hash = @hash
			where `+tenants.Own("p")+` and id = @id`,
			pgx.StrictNamedArgs{"received": p.Received, "parts": p.Parts, "hash": hash, "id": id})
		return err
	})
	return p, err
}

// Cancel ends an upload; nothing of it is kept.
func (s *Service) Cancel(ctx context.Context, scope tenants.Scope, id inspection.UploadID) error {
	p, err := s.endUpload(ctx, scope, id, "abandoned", tenants.Entry{})
	if err != nil {
		return err
	}
	return s.dropParts(ctx, p)
}

// endUpload ends an open upload without evidence, and leaves an entry if there is
// one to leave.
func (s *Service) endUpload(ctx context.Context, scope tenants.Scope, id inspection.UploadID, state string, e tenants.Entry) (p Upload, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if p, err = getUpload(ctx, tx, id, "for update"); err != nil {
			return err
		}
		if p.State != "open" {
			return p.at(p.Received)
		}
		if e.Action != "" {
			tx.Journal(e)
		}
		_, err := tx.Exec(ctx, `
			update uploads p set state = @state where `+tenants.Own("p")+` and id = @id`,
			pgx.StrictNamedArgs{"state": state, "id": id})
		return err
	})
	return p, err
}

func (s *Service) dropParts(ctx context.Context, p Upload) error {
	keys := make([]string, len(p.Parts))
	for i, part := range p.Parts {
		keys[i] = part.Key
	}
	return s.Files.Delete(ctx, keys...)
}
