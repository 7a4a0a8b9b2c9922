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

// Scan says whether a file was looked through for viruses.
type Scan string

// What is known of a file. A scanner that is down delays nobody: the file is taken in
// and waits, and until it was looked through only who uploaded it opens it.
const (
	ScanNone     Scan = "none"     // no scanner is configured, or the file is larger than it takes (未检测)
	ScanWaiting  Scan = "waiting"  // the scanner did not answer (待检测)
	ScanClean    Scan = "clean"    // nothing was found
	ScanInfected Scan = "infected" // quarantined (已隔离)
)

// Scans lists what can be known of a file, in the order of the database's check.
func Scans() []Scan { return []Scan{ScanNone, ScanWaiting, ScanClean, ScanInfected} }

const codeVirus = "virus-found"

// scanning is what a look through a file says.
type scanning struct {
	Scan  Scan
	virus string
	at    *time.Time
}

func (s *Service) scan(ctx context.Context, r io.Reader) scanning {
	if s.Scanner == nil {
		return scanning{Scan: ScanNone}
	}
	virus, err := s.Scanner(ctx, r)
	switch {
	case errors.Is(err, files.ErrScanSize):
		return scanning{Scan: ScanNone}
	case err != nil:
		return scanning{Scan: ScanWaiting}
	case virus != "":
		return scanning{ScanInfected, inspection.Line(virus), new(s.Clock())}
	}
	return scanning{Scan: ScanClean, at: new(s.Clock())}
}

// quarantine ends an upload in which a virus was found. The bytes are kept apart, for
// whoever looks into it on the server; nothing in the service opens them.
func (s *Service) quarantine(ctx context.Context, scope tenants.Scope, p Upload, found scanning) error {
	why := inspection.Errorf(inspection.Invalid, codeVirus, "文件含病毒（%s），已隔离，没有作为佐证接收。请清除病毒后重新上传。", found.virus)
	digest, err := files.ResumeDigest(p.Hash)
	if err != nil {
		return fmt.Errorf("resume digest: %w", err)
	}
	if err := s.Files.Assemble(ctx, p.Parts, scope.Office().Slug+"/quarantine/"+p.ID.String(), digest.Sum(nil)); err != nil {
		return err
	}
	return errors.Join(why, s.refuse(scope, p, why))
}

// barred says why the scope cannot open a file now.
func (e Evidence) barred(scope tenants.Scope) error {
	switch {
	case e.Scan == ScanInfected:
		return inspection.Errorf(inspection.Conflict, "evidence.infected", "文件含病毒（%s），已隔离，不能打开。请单位清除病毒后重新上传。", e.Virus)
	case e.Scan == ScanWaiting && (e.ByID == nil || *e.ByID != scope.Member()):
		return inspection.Errorf(inspection.Conflict, "evidence.unscanned", "文件待病毒检测，检测完成前只有上传人可以打开。请稍后再看。")
	}
	return nil
}

// waitingAtOnce is how many files that wait one scan takes on.
const waitingAtOnce = 50

// ScanWaiting looks through the files of one office that the scanner did not take when
// they came. A job calls it; late or twice does no harm. Where the scanner is still down
// they go on waiting.
func (s *Service) ScanWaiting(ctx context.Context, scope tenants.Scope) error {
	if s.Scanner == nil {
		return nil
	}
	var waiting []Evidence
	err := s.DB.Read(ctx, scope, func(tx *tenants.Tx) (err error) {
		rows, _ := tx.Query(ctx, `
			select `+evidenceColumns+` from evidence e
			where `+tenants.Own("e")+` and e.scan = 'waiting' and e.withdrawn_at is null
			order by e.at, e.id
			limit @limit`, pgx.StrictNamedArgs{"limit": waitingAtOnce})
		waiting, err = pgx.CollectRows(rows, pgx.RowToStructByName[Evidence])
		return err
	})
	if err != nil {
		return fmt.Errorf("files that wait for the scanner: %w", err)
	}
	for _, e := range waiting {
		r, err := s.Files.Open(ctx, e.Blob)
		if err != nil {
			return err
		}
		found := s.scan(ctx, r)
		_ = r.Close()
		if found.Scan == ScanWaiting {
			return nil
		}
		if err := s.DB.In(ctx, scope, func(tx *tenants.Tx) error { return told(ctx, tx, e, found) }); err != nil {
			return err
		}
	}
	return nil
}

// told writes down what was found in a file that waited, for every row whose file it is.
func told(ctx context.Context, tx *tenants.Tx, e Evidence, found scanning) error {
	tag, err := tx.Exec(ctx, `
		update evidence e set scan = @scan, virus = @virus, scanned_at = @at
		where `+tenants.Own("e")+` and e.blob = @blob and e.scan = 'waiting'`,
		pgx.StrictNamedArgs{"scan": found.Scan, "virus": found.virus, "at": found.at, "blob": e.Blob})
	if err != nil {
		return fmt.Errorf("note what the scanner found: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return nil // somebody else was faster
	}
	entry := tenants.Entry{
		Action: "evidence.scan", Object: "finding", ID: e.FindingID.UUID, Unit: e.UnitID,
		Detail: tenants.Detail{Title: "病毒检测", Text: e.Name + "：未发现病毒"},
	}
	switch found.Scan {
	case ScanInfected:
		entry.Action, entry.Detail.Title, entry.Detail.Text = "evidence.quarantine", "隔离含病毒的佐证", e.Name+"："+found.virus
	case ScanNone:
		entry.Detail.Text = e.Name + "：超过检测上限，未检测"
	}
	tx.Journal(entry)
	return nil
}
