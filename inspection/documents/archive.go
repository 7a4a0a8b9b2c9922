package documents

import (
	"archive/zip"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/files"
	"xuncha/tenants"
)

// maxArchive is how many bytes the files of one zip may have together; zipsAtOnce
// how many zips are sent at a time, each at its reader's pace.
const (
	maxArchive = 2 << 30
	zipsAtOnce = 8
)

// Archive is the evidence of one item as a zip that is made while it is sent: no
// more of it is held than one buffer. Write is called once.
type Archive struct {
	Name  string
	Write func(ctx context.Context, w io.Writer) error
}

// Archive takes all evidence of one item out, also what was replaced. Names in the
// zip are the files' own, made safe when they were uploaded, under a number each;
// its list (佐证目录.xlsx) and its digests (SHA256SUMS.txt, as sha256sum -c reads
// them) stand beside them. A file that is no longer what was uploaded ends the zip
// before its directory, so that it cannot be opened.
func (s *Service) Archive(ctx context.Context, scope tenants.Scope, id inspection.FindingID, reason string) (a Archive, err error) {
	done, err := slot(&s.packing, zipsAtOnce)
	if err != nil {
		return a, err
	}
	all, err := s.Cases.Archived(ctx, scope, id, reason, maxArchive)
	if err != nil {
		done()
		return a, err
	}
	number, bad := files.CleanName("/number", all[0].Number)
	if len(bad) > 0 {
		number = "事项"
	}
	a.Name = number + "-佐证.zip"
	a.Write = func(ctx context.Context, w io.Writer) error {
		defer done()
		z := zip.NewWriter(w)
		p := &packing{s: s, scope: scope, z: z, folder: number + "/"}
		for i, e := range all {
			if err := p.add(ctx, i+1, e); err != nil {
				return err
			}
		}
		if err := p.list(all); err != nil {
			return err
		}
		return z.Close()
	}
	return a, nil
}

// packing is a zip under way.
type packing struct {
	s      *Service
	scope  tenants.Scope
	z      *zip.Writer
	folder string
	sums   strings.Builder
	became []string // of each file: what stands in the zip, or why it does not
}

var errAltered = errors.New("a file is not what was uploaded")

// add writes one file, and the digest of what was written.
func (p *packing) add(ctx context.Context, n int, e rectification.EvidenceRow) error {
	r, whole, err := p.s.Cases.OpenArchived(ctx, p.scope, e.Evidence)
	if inspection.CodeOf(err) == inspection.CodeOf(files.ErrOriginal) {
		p.became = append(p.became, "未包含：可能含拍摄地点，原件只提供给本单位、巡察机构和纪检监察机构")
		return nil
	}
	if no, ok := errors.AsType[*inspection.Error](err); ok { // quarantined, or not looked through yet
		p.became = append(p.became, "未包含："+no.Detail)
		return nil
	}
	if err != nil {
		return err
	}
	defer func() { _ = r.Close() }()
	name := fmt.Sprintf("%03d %s", n, e.Name)
	if !whole {
		name = files.Suffixed(name, "（不含拍摄地点）")
	}
	if e.Replaced {
		name = "已被替换/" + name
	}
	w, err := p.z.CreateHeader(&zip.FileHeader{Name: p.folder + name, Method: zip.Store, Modified: e.At})
	if err != nil {
		return err
	}
	d := sha256.New()
	if _, err := io.Copy(io.MultiWriter(w, d), r); err != nil {
		return err
	}
	sum := hex.EncodeToString(d.Sum(nil))
	if whole && sum != e.SHA256 {
		return fmt.Errorf("%w: %s of %s", errAltered, e.ID, e.Number)
	}
	fmt.Fprintf(&p.sums, "%s  %s\n", sum, name)
	if p.became = append(p.became, name); !whole {
		p.became[len(p.became)-1] = name + "\nSHA-256 " + sum
	}
	return nil
}

// list writes the catalogue of what the zip has, and its digests.
func (p *packing) list(all []rectification.EvidenceRow) error {
	t := evidence(p.s.Clock.Today())
	at := map[inspection.EvidenceID]string{}
	for i, e := range all {
		at[e.ID] = p.became[i]
	}
	t.columns = append(t.columns, column[rectification.EvidenceRow]{
		"packed", "压缩包内的文件", 36, func(e rectification.EvidenceRow) any { return at[e.ID] }, true,
	})
	e, err := begin(p.s, p.scope, t, Wish{Form: All})
	if err != nil {
		return err
	}
	defer e.book.close()
	for _, row := range all {
		if err := e.add(row); err != nil {
			return err
		}
	}
	book, err := e.book.bytes()
	if err != nil {
		return err
	}
	for _, f := range []File{{"佐证目录.xlsx", book}, {"SHA256SUMS.txt", []byte(p.sums.String())}} {
		w, err := p.z.CreateHeader(&zip.FileHeader{Name: p.folder + f.Name, Method: zip.Deflate, Modified: p.s.Clock()})
		if err == nil {
			_, err = w.Write(f.Content)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
