package rectification

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification/files"
	"xuncha/inspection/rectification/preview"
	"xuncha/tenants"
)

// Opening says how a file of evidence is opened.
type Opening struct {
	Reason  string // why, for a file of an office below; needed there
	Shown   bool   // on screen, and not kept: what a camera wrote into it is not needed
	Resumed bool   // a later range of a file that is being read: leaves no second entry
}

// Content opens a file of evidence. Each reading is in the journal of the office
// whose file it is; from above it needs a reason.
//
// What a camera wrote into a photo or a film (the place, the owner, the device)
// stays with the original on the server. The unit, the office and the discipline
// commission take the original, because they answer for what is in it or look into
// it; what is shown, and what others take, is a copy without it ([files.Clean]).
// whole reports whether it is the original.
func (s *Service) Content(
	ctx context.Context, scope tenants.Scope, id inspection.EvidenceID, o Opening,
) (e Evidence, r io.ReadSeekCloser, whole bool, err error) {
	if e, err = s.opened(ctx, scope, id, o); err != nil {
		return e, nil, false, err
	}
	r, whole, err = s.content(ctx, scope, e, o.Shown)
	return e, r, whole, err
}

// content opens the file of evidence as the scope may take it, or see it.
func (s *Service) content(ctx context.Context, scope tenants.Scope, e Evidence, shown bool) (r io.ReadSeekCloser, whole bool, err error) {
	if err := e.barred(scope); err != nil {
		return nil, false, err
	}
	if e.Active && !e.wholly(scope) {
		return nil, false, errActive
	}
	blob, err := s.Files.Open(ctx, e.Blob)
	if err != nil {
		return nil, false, err
	}
	if !files.Original(e.Type) || e.wholly(scope) && !shown {
		return blob, true, nil
	}
	clean, err := files.Clean(blob, e.Size, e.Type)
	if err == nil {
		return files.Copied{ReadSeeker: clean, Closer: blob}, false, nil
	}
	_ = blob.Close()
	if !e.wholly(scope) {
		return nil, false, err
	}
	blob, err = s.Files.Open(ctx, e.Blob)
	return blob, true, err
}

var errActive = inspection.Errorf(inspection.Forbidden, "active-original",
	"PDF 含脚本、可执行动作或内嵌文件，原件只提供给本单位、巡察机构和纪检监察机构。请在页面内逐页查看。")

// wholly reports whether the scope takes the file as it was handed in.
func (e Evidence) wholly(scope tenants.Scope) bool {
	if !files.Original(e.Type) && !e.Active {
		return true
	}
	if e.TenantID != scope.Tenant() {
		return false
	}
	switch scope.Role() {
	case tenants.UNIT, tenants.HEAD, tenants.OFF, tenants.DIR, tenants.DISC:
		return true
	}
	return false
}

// opened returns the evidence and leaves an entry that it was read.
func (s *Service) opened(ctx context.Context, scope tenants.Scope, id inspection.EvidenceID, o Opening) (e Evidence, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if e, err = getEvidence(ctx, tx, id, ""); err != nil {
			return err
		}
		entry, err := e.reading(scope, o)
		if err == nil && !o.Resumed {
			tx.Journal(entry)
		}
		return err
	})
	if err != nil {
		return e, err
	}
	e.see(scope, nil)
	return e, nil
}

// reading is the entry that a file is read.
func (e Evidence) reading(scope tenants.Scope, o Opening) (tenants.Entry, error) {
	entry := tenants.Entry{
		Office: e.TenantID, Action: "evidence.read", Object: "finding", ID: e.FindingID.UUID,
		Detail: tenants.Detail{Title: "查看佐证", Text: e.Name},
	}
	if !o.Shown {
		entry.Detail.Title = "下载佐证"
	}
	if e.TenantID != scope.Tenant() {
		reason, err := reasonAbove(o.Reason)
		if err != nil {
			return entry, err
		}
		entry.Action, entry.Detail.Title, entry.Detail.Text = "evidence.read-above", "上级"+entry.Detail.Title, e.Name+"："+reason
	}
	return entry, nil
}

// reasonAbove is why somebody above opens files of an office below.
func reasonAbove(reason string) (string, error) {
	var bad inspection.Fields
	reason = bad.Text("#/query/reason", reason, true, 200)
	return reason, bad.Err("rectification.invalid")
}

// previewing is how many previews are made at once: each holds its file in memory.
var previewing = make(chan struct{}, 2)

// Preview shows a file of evidence as a page ([preview.Page]). It is read as by
// [Service.Content], and leaves the same entry.
func (s *Service) Preview(ctx context.Context, scope tenants.Scope, id inspection.EvidenceID, reason string) (Evidence, []byte, error) {
	e, err := s.opened(ctx, scope, id, Opening{Reason: reason, Shown: true})
	if err != nil {
		return e, nil, err
	}
	if err := preview.Fits(e.Type, e.Size); err != nil {
		return e, nil, err
	}
	page, err := previewed(ctx, s, scope, e, func(r io.Reader) ([]byte, error) {
		content, err := io.ReadAll(r)
		if err != nil {
			return nil, err
		}
		return preview.Page(ctx, content, e.Type, e.Name)
	})
	return e, page, err
}

// previewed opens a file for show in its turn: each show holds memory.
func previewed(ctx context.Context, s *Service, scope tenants.Scope, e Evidence, show func(io.Reader) ([]byte, error)) ([]byte, error) {
	if err := e.barred(scope); err != nil {
		return nil, err
	}
	select {
	case previewing <- struct{}{}:
		defer func() { <-previewing }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	r, err := s.Files.Open(ctx, e.Blob)
	if err != nil {
		return nil, err
	}
	defer func() { _ = r.Close() }()
	return show(r)
}

// leafing is how long somebody turns the pages of one file on one entry of the journal.
const leafing = 30 * time.Minute

// Leaf shows one page of a PDF as a picture ([preview.Leaf]). It is read as by
// [Service.Content]; who goes on turning pages leaves no second entry for a while.
func (s *Service) Leaf(ctx context.Context, scope tenants.Scope, id inspection.EvidenceID, page int, reason string) (e Evidence, picture []byte, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if e, err = getEvidence(ctx, tx, id, ""); err != nil {
			return err
		}
		entry, err := e.reading(scope, Opening{Reason: reason, Shown: true})
		if err != nil {
			return err
		}
		var noted bool
		err = tx.QueryRow(ctx, `
			select exists (select from journal j
				where j.tenant_id = @office and j.object_id = @finding and j.action = @action and j.actor_id = @me
				  and j.role = @role and j.detail ->> 'text' = @text and j.detail ->> 'title' = @title and j.at > @since)`,
			pgx.StrictNamedArgs{
				"office": e.TenantID, "finding": e.FindingID, "action": entry.Action, "me": scope.Member(), "role": scope.Role(),
				"text": entry.Detail.Text, "title": entry.Detail.Title, "since": s.Clock().Add(-leafing),
			}).Scan(&noted)
		if err != nil {
			return fmt.Errorf("look for an entry: %w", err)
		}
		if !noted {
			tx.Journal(entry)
		}
		return nil
	})
	if err != nil {
		return e, nil, err
	}
	if err := preview.LeafFits(e.Type, e.Size); err != nil {
		return e, nil, err
	}
	picture, err = previewed(ctx, s, scope, e, func(r io.Reader) ([]byte, error) { return preview.Leaf(ctx, r, page) })
	return e, picture, err
}
