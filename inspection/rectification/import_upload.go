package rectification

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/ledger"
	"xuncha/inspection/rounds"
	"xuncha/inspection/units"
	"xuncha/tenants"
)

// MaxLedger is how many bytes a ledger may have.
const MaxLedger = 20 << 20

// NewImport says whose ledger is uploaded, and about which feedback.
type NewImport struct {
	Unit       inspection.UnitID
	Round      inspection.RoundID
	FeedbackOn inspection.Day
	Issue      bool   // issue what is added: the feedback was given
	Name       string // of the file

	Request tenants.Request // the sender's name for it, if any; the file's digest becomes part of its fingerprint
}

// Upload keeps a ledger, reads it and returns what was read, to be checked. A
// ledger whose columns are not clear is kept all the same: a person says which
// is which. The file is received and read before the transaction begins: the
// database gives up one that waits for a slow line.
func (s *Imports) Upload(ctx context.Context, scope tenants.Scope, up NewImport, body io.Reader) (Import, error) {
	if err := scope.Role().Allow(byImporters...); err != nil {
		return Import{}, err
	}
	im := Import{
		ID: inspection.NewID[inspection.ImportID](), Unit: up.Unit, Round: up.Round, FeedbackOn: up.FeedbackOn, Issue: up.Issue,
		State: ImportRead, MadeAt: s.Clock(), MadeBy: scope.Name(), Member: scope.Member(), Version: 1,
		Answers: map[string]Answer{}, Said: map[string]int{},
	}
	var bad inspection.Fields
	if im.FileName, bad = files.CleanName("/name", up.Name); bad != nil {
		return Import{}, inspection.InvalidFields("unsafe-filename", bad[0].Message, bad...)
	}
	if err := s.DB.In(ctx, scope, func(tx *tenants.Tx) error { return s.known(ctx, tx, &im) }); err != nil {
		return Import{}, err
	}
	digest, err := files.ResumeDigest(nil)
	if err != nil {
		return Import{}, err
	}
	part, err := s.keep(ctx, scope, body, digest)
	if err != nil {
		return Import{}, err
	}
	im.Blob, im.Size = part.Key, part.Size
	entered := false
	read, err := s.read(ctx, &im)
	if err == nil {
		im, err = s.once(ctx, scope, up.Request, digest.Sum(nil), func(ctx context.Context) (Import, error) {
			err := s.DB.In(ctx, scope, func(tx *tenants.Tx) error { return s.enter(ctx, tx, &im, read, digest.Sum(nil)) })
			entered = err == nil
			return im, err
		})
	}
	if err != nil {
		return Import{}, errors.Join(err, s.Cases.Files.Delete(context.WithoutCancel(ctx), part.Key))
	}
	if !entered { // it was sent before: what stands has the file of then
		_ = s.Cases.Files.Delete(context.WithoutCancel(ctx), part.Key) // or CleanFiles does
	}
	return im, nil
}

// once lets enter write what was received, unless the same file was sent under the
// same name before: then that import is returned.
func (s *Imports) once(ctx context.Context, scope tenants.Scope, r tenants.Request, digest []byte,
	enter func(context.Context) (Import, error),
) (Import, error) {
	if r.Key == "" {
		return enter(ctx)
	}
	r.Fingerprint = slices.Concat(r.Fingerprint, digest)
	return tenants.Once(ctx, s.DB, scope, r, enter)
}

// known looks up the unit and the round. A unit of another office and one that
// nobody has get the same answer.
func (s *Imports) known(ctx context.Context, tx *tenants.Tx, im *Import) error {
	u, err := units.Get(ctx, tx, im.Unit)
	if inspection.KindOf(err) == inspection.NotFound {
		return refused("unit", "unknown-unit", "未找到该单位。")
	}
	if err != nil {
		return err
	}
	r, err := rounds.Get(ctx, tx, im.Round)
	if inspection.KindOf(err) == inspection.NotFound {
		return refused("round", "unknown-round", "未找到该轮次。")
	}
	if err != nil {
		return err
	}
	im.UnitName, im.RoundName = u.Name, r.Name
	if im.FeedbackOn < r.StartsOn || im.FeedbackOn > s.Clock.Today() {
		return refused("feedback_on", "day-order", "反馈日期应在本轮开始之后，且不晚于今天。")
	}
	return nil
}

func refused(part, code, detail string) error {
	return inspection.InvalidFields("import."+code, detail, inspection.Field{Pointer: "/" + part, Code: code, Message: detail})
}

// keep stores the file as it comes.
func (s *Imports) keep(ctx context.Context, scope tenants.Scope, body io.Reader, d files.Digest) (files.Part, error) {
	part, err := s.Cases.Files.Append(ctx, ledgersOf(scope.Office()), body, MaxLedger, d)
	switch {
	case errors.Is(err, files.ErrCut):
		return part, errors.Join(
			inspection.Errorf(inspection.Invalid, "incomplete-upload", "上传中断，文件不完整。请重新选择文件上传。"),
			s.Cases.Files.Delete(context.WithoutCancel(ctx), part.Key))
	case inspection.KindOf(err) == inspection.TooLarge:
		return part, inspection.Errorf(inspection.TooLarge, "too-large", "台账文件不能超过 20 MB。请删去图片和无关的工作表后重新上传。")
	case err == nil && part.Size == 0:
		return part, inspection.Errorf(inspection.Invalid, "not-xlsx", "这个文件是空的。请重新选择台账文件。")
	}
	return part, err
}

// read reads the file as the import's options say. What is wrong with the
// columns is part of the overview and no error.
func (s *Imports) read(ctx context.Context, im *Import) (ledger.Reading, error) {
	o := im.Options
	o.FeedbackOn = im.FeedbackOn
	at := s.Cases.Files.At(ctx, []files.Part{{Key: im.Blob, Size: im.Size}})
	r, err := ledger.Read(ctx, at, im.Size, o)
	im.Header = headerOf(r)
	im.Reading = Overview{
		Totals: r.Totals, Sheets: r.Sheets, Warnings: r.Warnings, Filled: r.Filled, Skipped: r.Skipped,
	}
	if inspection.CodeOf(err) == "columns" {
		im.Reading.Columns = detailOf(err)
		return r, nil
	}
	return r, err
}

// enter writes the import and its rows. A ledger with a header that was read
// before, as somebody corrected it, is read alike.
func (s *Imports) enter(ctx context.Context, tx *tenants.Tx, im *Import, r ledger.Reading, digest []byte) error {
	r, err := s.remember(ctx, tx, im, r)
	if err != nil {
		return err
	}
	byProblem, general := ask(r)
	im.Questions, im.Total = general, len(r.Problems)
	_, err = tx.Exec(ctx, `
		insert into imports (id, unit_id, round_id, feedback_on, issue, file_name, size, digest, blob, header, options, reading,
			questions, total, made_at, made_by, member_id)
		values (@id, @unit, @round, @feedback_on, @issue, @file_name, @size, @digest, @blob, @header, @options, @reading,
			@questions, @total, @made_at, @made_by, @member)`,
		pgx.StrictNamedArgs{
			"id": im.ID, "unit": im.Unit, "round": im.Round, "feedback_on": im.FeedbackOn, "issue": im.Issue,
			"file_name": im.FileName, "size": im.Size, "digest": digest, "blob": im.Blob, "header": im.Header, "options": im.Options,
			"reading": im.Reading, "questions": im.Questions, "total": im.Total, "made_at": im.MadeAt, "made_by": im.MadeBy,
			"member": im.Member,
		})
	if err != nil {
		return fmt.Errorf("write import: %w", err)
	}
	if err := writeRows(ctx, tx, im.ID, r.Problems, byProblem); err != nil {
		return err
	}
	tx.Journal(im.entry("import.upload", "上传台账", fmt.Sprintf("%s：%d 个问题，%d 项措施", im.UnitName, r.Totals.Problems, r.Totals.Measures)))
	return s.look(ctx, tx, im)
}

func writeRows(ctx context.Context, tx *tenants.Tx, id inspection.ImportID, problems []ledger.Problem, questions [][]Asked) error {
	var b pgx.Batch
	for i, p := range problems {
		b.Queue(`
			insert into import_rows (import_id, seq, problem, questions)
			values (@id, @seq, @problem, @questions)
			on conflict (tenant_id, import_id, seq) do update
			set problem = excluded.problem, questions = excluded.questions, answers = '{}', choice = ''`,
			pgx.StrictNamedArgs{"id": id, "seq": i + 1, "problem": p, "questions": questions[i]})
	}
	if err := tx.SendBatch(ctx, &b).Close(); err != nil {
		return fmt.Errorf("write rows of import: %w", err)
	}
	return nil
}

// headerOf is the header of a reading as written, in all sheets that were read.
func headerOf(r ledger.Reading) string {
	var all []string
	for _, s := range r.Sheets {
		if !s.Read {
			continue
		}
		all = append(all, s.Name)
		for _, c := range s.Columns {
			all = append(all, c.Letter+"="+c.Header)
		}
	}
	return strings.Join(all, "\n")
}

// remember reads the file as one of the last ledgers was read after a person
// corrected it, if read like that it has the very same header.
func (s *Imports) remember(ctx context.Context, tx *tenants.Tx, im *Import, r ledger.Reading) (ledger.Reading, error) {
	rows, _ := tx.Query(ctx, `
		select options, header
		from (select distinct on (i.header) i.options, i.header, i.made_at from imports i
			where `+tenants.Own("i")+` and i.options ? 'sheets' and i.header <> ''
			order by i.header, i.made_at desc) last
		order by made_at desc
		limit 3`)
	type corrected struct {
		Options ledger.Options
		Header  string
	}
	known, err := pgx.CollectRows(rows, pgx.RowToStructByName[corrected])
	if err != nil {
		return r, fmt.Errorf("look for the same header: %w", err)
	}
	for _, k := range known {
		as := *im
		as.Options = k.Options
		if again, err := s.read(ctx, &as); err == nil && as.Reading.Columns == "" && as.Header == k.Header {
			*im = as
			return again, nil
		}
	}
	return r, nil
}
