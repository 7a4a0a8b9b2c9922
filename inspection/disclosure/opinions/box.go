package opinions

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/tenants"
)

// Limits of what somebody may say, in characters. The table holds them, too.
const (
	TextLimit = 500
	NameLimit = 20
)

// Said is what somebody of the public says about a page.
type Said struct {
	Notice   string // index number of the page
	Item     int    // which finding of the page; 0: all of it
	NotFixed bool   // says that what is called done is not
	Name     string // what the writer wants to be called; may be empty
	Text     string
	MayShow  bool // the writer agrees to publication
}

// Clean returns said as the box keeps it, and what is wrong with it. Pointers are the
// names of the form's fields. It sets nothing right that changes what is said.
func (said Said) Clean() (Said, inspection.Fields) {
	var bad inspection.Fields
	said.Name = bad.Text("name", said.Name, false, NameLimit)
	said.Text = bad.Text("text", said.Text, true, TextLimit)
	return said, bad
}

// Receipt is what leads a writer back to the answer. The code is told once.
type Receipt struct {
	Number string // SQL-YJ-2026-0003
	Code   string // 16 digits in four groups
}

// Answer is what the writer finds under number and code. It does not say again what
// was said.
type Answer struct {
	Notice    string     `db:"notice"`
	At        time.Time  `db:"at"`
	State     State      `db:"state"`
	Reason    Reason     `db:"reason"`
	PassedTo  string     `db:"passed_to"`
	DecidedAt *time.Time `db:"decided_at"`
	Reply     string     `db:"reply"`
	RepliedAt *time.Time `db:"replied_at"`
}

// Box takes what the public says. Its login can put something in and ask what came of
// it under a code, and has no right on any table.
type Box struct {
	DB    *tenants.DB
	Clock inspection.Clock
	Key   []byte // makes the codes; another key makes those that were told useless
}

// Take puts into an office's box what was said. Taken twice under one id it is one
// opinion, and both are told the same. The page may be gone (NotFound), its time over
// or the box closed (Conflict).
func (b *Box) Take(ctx context.Context, office tenants.Tenant, id inspection.OpinionID, said Said) (r Receipt, err error) {
	said, bad := said.Clean()
	if err := bad.Err("opinion.invalid"); err != nil {
		return r, err
	}
	r.Code = b.code(id)
	err = b.DB.In(ctx, tenants.ForPublic(office), func(tx *tenants.Tx) error {
		if _, err := life.Next(tenants.Start, Receive, tx.Scope().Role()); err != nil {
			return err
		}
		var item *int
		if said.Item > 0 {
			item = &said.Item
		}
		var given, refused *string
		var fresh bool
		err := tx.QueryRow(ctx, `
			select given, fresh, refused from sec.take_opinion(@id, @notice, @item, @not_fixed, @name, @text, @may_show, @key, @at)`,
			pgx.StrictNamedArgs{
				"id": id, "notice": said.Notice, "item": item, "not_fixed": said.NotFixed, "name": said.Name, "text": said.Text,
				"may_show": said.MayShow, "key": b.digest(r.Code), "at": b.Clock(),
			}).Scan(&given, &fresh, &refused)
		if err != nil {
			return fmt.Errorf("take opinion: %w", err)
		}
		if refused != nil {
			return refusals[*refused]
		}
		if r.Number = *given; !fresh {
			return nil
		}
		tx.Journal(tenants.Entry{
			Action: "opinion.receive", Object: "opinion", ID: id.UUID, Detail: tenants.Detail{Title: "收到意见", Text: said.Notice, Number: r.Number},
		})
		return nil
	})
	return r, err
}

var refusals = map[string]error{
	"gone":   inspection.Errorf(inspection.NotFound, "not-found", "没有这个页面。"),
	"closed": inspection.Errorf(inspection.Conflict, "opinion.closed", "意见征集已结束，仍可来信来电。"),
	"off":    inspection.Errorf(inspection.Conflict, "opinion.off", "本页不收集意见，可来信来电反映。"),
}

// Ask returns what came of the opinion with this number, if the code is its code. An
// unknown number and a wrong code are the same NotFound.
func (b *Box) Ask(ctx context.Context, office tenants.Tenant, number, code string) (a Answer, err error) {
	err = b.DB.Read(ctx, tenants.ForPublic(office), func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `select * from sec.opinion_status(@number, @key)`,
			pgx.StrictNamedArgs{"number": number, "key": b.digest(code)})
		a, err = tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Answer]))
		return err
	})
	return a, err
}

// code is the code of an opinion: the same whenever it is asked for, so that a form
// that is sent twice tells one code.
func (b *Box) code(id inspection.OpinionID) string {
	sum := b.keyed("code", id.String())
	n := binary.BigEndian.Uint64(sum) % 1e16
	digits := fmt.Sprintf("%016d", n)
	return digits[:4] + " " + digits[4:8] + " " + digits[8:12] + " " + digits[12:]
}

// digest is what is kept of a code: of its digits, however they were grouped.
func (b *Box) digest(code string) []byte {
	var digits []byte
	for _, r := range code {
		switch {
		case '0' <= r && r <= '9':
			digits = append(digits, byte(r))
		case '０' <= r && r <= '９':
			digits = append(digits, byte(r-'０'+'0'))
		}
	}
	return b.keyed("digest", string(digits))
}

func (b *Box) keyed(use, what string) []byte {
	mac := hmac.New(sha256.New, b.Key)
	mac.Write([]byte(use + "\x00" + what))
	return mac.Sum(nil)
}
