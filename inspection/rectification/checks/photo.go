package checks

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
)

// Limits of the pictures of a visit. A phone makes them smaller before it sends.
const (
	maxPhotos    = 9
	maxPhotoSize = files.MaxChunk
)

// Photo is one picture taken on a visit.
type Photo struct {
	ID      PhotoID   `json:"id" db:"id"`
	Type    string    `json:"type" db:"type" maxLength:"100" doc:"Media type, by content"`
	Size    int64     `json:"size" db:"size" minimum:"1" maximum:"8388608"`
	SHA256  string    `json:"sha256" db:"sha256" maxLength:"64"`
	TakenAt time.Time `json:"taken_at" db:"taken_at" doc:"As the phone says"`
	ByName  string    `json:"by" db:"by_name" maxLength:"100"`
	At      time.Time `json:"at" db:"at"`

	VisitID VisitID `json:"-" db:"visit_id"`
	Blob    string  `json:"-" db:"blob"`
}

const photoColumns = `p.id, p.type, p.size, encode(p.sha256, 'hex') as sha256, p.taken_at, p.by_name, p.at, p.visit_id, p.blob`

// AddPhoto keeps a picture. Sent again under its identifier it is kept once.
func (s *Service) AddPhoto(
	ctx context.Context, scope tenants.Scope, visit VisitID, id PhotoID, takenAt time.Time, content io.Reader,
) (p Photo, err error) {
	if known, err := s.photo(ctx, scope, visit, id); err == nil || inspection.KindOf(err) != inspection.NotFound {
		return known, err
	}
	if err := s.mayAttach(ctx, scope, visit); err != nil {
		return p, err
	}
	if p, err = s.stored(ctx, scope, id, content); err != nil {
		return p, err
	}
	p.VisitID, p.TakenAt = visit, takenAt
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		v, err := lock(ctx, tx, visit)
		if err != nil {
			return err
		}
		if _, err := visits.Next(v.State, Attach, scope.Role()); err != nil {
			return v.told(scope, err)
		}
		if err := v.mine(scope, Attach); err != nil {
			return err
		}
		return insertPhoto(ctx, tx, v, p)
	})
	return p, err
}

// mayAttach refuses early what would be refused late: nobody sends a picture for
// nothing.
func (s *Service) mayAttach(ctx context.Context, scope tenants.Scope, visit VisitID) error {
	v, err := s.Get(ctx, scope, visit)
	if err != nil {
		return err
	}
	if _, err := visits.Next(v.State, Attach, scope.Role()); err != nil {
		return v.told(scope, err)
	}
	if len(v.Photos) >= maxPhotos {
		return errPhotos
	}
	return v.mine(scope, Attach)
}

var errPhotos = inspection.Errorf(inspection.Conflict, "check.photos", "每次检查最多保存 %d 张照片。", maxPhotos)

// stored writes the bytes below a name of their own and looks at what they are.
// Until the row is written the file is nobody's, and the cleaner may take it.
func (s *Service) stored(ctx context.Context, scope tenants.Scope, id PhotoID, content io.Reader) (p Photo, err error) {
	digest, err := files.ResumeDigest(nil)
	if err != nil {
		return p, err
	}
	part, err := s.Files.Append(ctx, folder(scope.Office())+"/"+id.String(), content, maxPhotoSize, digest)
	if errors.Is(err, files.ErrCut) {
		return p, inspection.Errorf(inspection.Invalid, "check.photo-cut", "照片没有传完，请重新上传。")
	}
	if err != nil {
		return p, err
	}
	if part.Size == 0 {
		return p, inspection.Errorf(inspection.Invalid, "empty-file", "照片是空的，请重新拍摄。")
	}
	look, err := files.Inspect(s.Files.At(ctx, []files.Part{part}), part.Size, "照片")
	if err != nil {
		return p, errors.Join(err, s.Files.Delete(ctx, part.Key))
	}
	if !strings.HasPrefix(look.Type, "image/") || !look.Inline {
		return p, errors.Join(
			inspection.Errorf(inspection.Invalid, "file-kind", "只接收照片（JPEG、PNG 或 WebP）。"), s.Files.Delete(ctx, part.Key))
	}
	return Photo{
		ID: id, Type: look.Type, Size: part.Size, SHA256: hex.EncodeToString(digest.Sum(nil)), Blob: part.Key,
		ByName: scope.Name(), At: s.Clock(),
	}, nil
}

func folder(office tenants.Tenant) string { return office.Slug + "/checks" }

func insertPhoto(ctx context.Context, tx *tenants.Tx, v Visit, p Photo) error {
	var n int
	err := tx.QueryRow(ctx, `select count(*) from check_photos p where `+tenants.Own("p")+` and visit_id = @visit`,
		pgx.StrictNamedArgs{"visit": v.ID}).Scan(&n)
	if err != nil {
		return fmt.Errorf("count photos: %w", err)
	}
	if n >= maxPhotos {
		return errPhotos
	}
	tag, err := tx.Exec(ctx, `
		insert into check_photos (id, visit_id, type, size, sha256, blob, taken_at, by_id, by_name, at)
		values (@id, @visit, @type, @size, decode(@sha256, 'hex'), @blob, @taken_at, @by_id, @by_name, @at)
		on conflict (tenant_id, id) do nothing`,
		pgx.StrictNamedArgs{
			"id": p.ID, "visit": v.ID, "type": p.Type, "size": p.Size, "sha256": p.SHA256, "blob": p.Blob,
			"taken_at": p.TakenAt, "by_id": tx.Scope().Member(), "by_name": p.ByName, "at": p.At,
		})
	if err != nil {
		return fmt.Errorf("add photo: %w", err)
	}
	if tag.RowsAffected() == 0 {
		return nil // it was sent twice at once
	}
	e := v.entry("check.photo", "上传检查照片", p.SHA256)
	e.After = p
	tx.Journal(e)
	return nil
}

func (s *Service) photo(ctx context.Context, scope tenants.Scope, visit VisitID, id PhotoID) (p Photo, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+photoColumns+` from check_photos p
			where `+tenants.Own("p")+` and p.visit_id = @visit and p.id = @id`, pgx.StrictNamedArgs{"visit": visit, "id": id})
		p, err = tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Photo]))
		return err
	})
	return p, err
}

// PhotoContent opens a picture as people see it: without what the phone wrote into it
// (the place, the owner, the device; [files.Clean]). The original stays in the store,
// under the digest that the journal has.
func (s *Service) PhotoContent(ctx context.Context, scope tenants.Scope, visit VisitID, id PhotoID) (Photo, io.ReadSeekCloser, error) {
	p, err := s.photo(ctx, scope, visit, id)
	if err != nil {
		return p, nil, err
	}
	r, err := s.Files.Open(ctx, p.Blob)
	if err != nil {
		return p, nil, err
	}
	clean, err := files.Clean(r, p.Size, p.Type)
	if err != nil {
		return p, nil, errors.Join(err, r.Close())
	}
	return p, files.Copied{ReadSeeker: clean, Closer: r}, nil
}

func photosOf(ctx context.Context, tx *tenants.Tx, ids ...VisitID) ([]Photo, error) {
	rows, _ := tx.Query(ctx, `
		select `+photoColumns+` from check_photos p
		where `+tenants.Own("p")+` and p.visit_id = any(@ids)
		order by p.taken_at, p.id`, pgx.StrictNamedArgs{"ids": ids})
	ps, err := pgx.CollectRows(rows, pgx.RowToStructByName[Photo])
	if err != nil {
		return nil, fmt.Errorf("list photos: %w", err)
	}
	return ps, nil
}

func withPhotos(ctx context.Context, tx *tenants.Tx, vs []Visit) error {
	ids := make([]VisitID, len(vs))
	at := map[VisitID]*Visit{}
	for i := range vs {
		ids[i], at[vs[i].ID] = vs[i].ID, &vs[i]
	}
	photos, err := photosOf(ctx, tx, ids...)
	for _, p := range photos {
		v := at[p.VisitID]
		v.Photos = append(v.Photos, p)
	}
	return err
}

// CleanFiles removes pictures in one office's folder that belong to no visit and
// are older than age. A job calls it; late or twice does no harm.
func (s *Service) CleanFiles(ctx context.Context, scope tenants.Scope, age time.Duration) (removed int, err error) {
	old, err := s.Files.Old(ctx, folder(scope.Office()), age)
	if err != nil || len(old) == 0 {
		return 0, err
	}
	var unused []string
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select key from unnest(@keys::text[]) key
			where not exists (select from check_photos p where `+tenants.Own("p")+` and p.blob = key)`,
			pgx.StrictNamedArgs{"keys": old})
		unused, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("files of checks: %w", err)
	}
	return len(unused), s.Files.Delete(ctx, unused...)
}
