package tenants

import (
	"cmp"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/emmansun/gmsm/sm3"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
)

// Entry is one act for the journal. Who, when and for which office come from the
// transaction.
type Entry struct {
	Action string            // rectification.submit
	Object string            // finding
	ID     uuid.UUID         // of the object
	Unit   inspection.UnitID // whose people may read the entry, too
	Detail Detail            // what people read in the timeline
	Before any               // the row before and after; only digests are kept
	After  any
	Denied bool // the act was refused

	// Office is the office whose journal this is, when somebody above looked at
	// its rows; zero for the own office.
	Office ID
}

// Detail is the part of an entry that people read.
type Detail struct {
	Title  string `json:"title"`            // 提交销号
	Text   string `json:"text,omitempty"`   // reason, note
	Number string `json:"number,omitempty"` // business number of the object
}

// Journal adds an entry to the transaction's journal. It is written when the
// transaction commits: no act without entry, no entry without act.
func (tx *Tx) Journal(e Entry) {
	if e.Office == 0 {
		e.Office = tx.scope.office.ID
	}
	tx.entries = append(tx.entries, e)
}

type requestKey struct{}

// WithRequest returns a context whose acts carry the request's id.
func WithRequest(ctx context.Context, id string) context.Context {
	return context.WithValue(ctx, requestKey{}, id)
}

// flushJournal chains the entries behind each office's head and returns the
// statements that are still to be run, with the commit. Heads are taken in one
// order, so that two transactions cannot wait for each other.
func (tx *Tx) flushJournal(ctx context.Context) (last *pgx.Batch, err error) {
	last = &pgx.Batch{}
	slices.SortStableFunc(tx.entries, func(a, b Entry) int { return cmp.Compare(a.Office, b.Office) })
	for len(tx.entries) > 0 {
		office := tx.entries[0].Office
		n := slices.IndexFunc(tx.entries, func(e Entry) bool { return e.Office != office })
		if n < 0 {
			n = len(tx.entries)
		}
		if err := tx.chain(ctx, last, office, tx.entries[:n]); err != nil {
			return nil, fmt.Errorf("journal: %w", known(err))
		}
		tx.entries = tx.entries[n:]
	}
	return last, nil
}

// chain takes the office's head and puts what appends the entries behind it into b.
func (tx *Tx) chain(ctx context.Context, b *pgx.Batch, office ID, entries []Entry) error {
	var seq int64
	var prev []byte
	err := tx.QueryRow(ctx, `select seq, hash from sec.journal_head($1)`, office).Scan(&seq, &prev)
	if err != nil {
		return err
	}
	request, _ := ctx.Value(requestKey{}).(string)
	for _, e := range entries {
		seq++
		r, err := tx.record(e, request)
		if err != nil {
			return err
		}
		r.Seq, r.Prev = seq, prev
		r.Hash = r.chained()
		prev = r.Hash
		b.Queue(`select sec.journal_append(row(@tenant, @seq, @at, @actor_id::uuid, @actor_name::text, @actor_tenant, @role::text,
			@grant_id::uuid, @action::text, @object::text, @object_id::uuid, @unit_id::uuid, @result::text, @detail::json,
			@before::bytea, @after::bytea, @request_id::text, @prev::bytea, @hash::bytea)::journal)`, pgx.StrictNamedArgs{
			"tenant": office, "seq": r.Seq, "at": r.At, "actor_id": r.ActorID, "actor_name": r.ActorName,
			"actor_tenant": r.ActorTenant, "role": r.Role, "grant_id": r.GrantID, "action": r.Action, "object": r.Object,
			"object_id": r.ObjectID, "unit_id": r.UnitID, "result": r.Result, "detail": string(r.Detail),
			"before": r.Before, "after": r.After, "request_id": r.RequestID, "prev": r.Prev, "hash": r.Hash,
		})
	}
	return nil
}

// Record is an entry as the journal keeps it.
type Record struct {
	TenantID    ID         `json:"tenant" db:"tenant_id"`
	Seq         int64      `json:"seq" db:"seq"`
	At          time.Time  `json:"at" db:"at"`
	ActorID     *uuid.UUID `json:"actor_id" db:"actor_id"`
	ActorName   string     `json:"actor_name" db:"actor_name"`
	ActorTenant ID         `json:"actor_tenant" db:"actor_tenant"`
	Role        Role       `json:"role" db:"role"`
	GrantID     *uuid.UUID `json:"grant_id" db:"grant_id"`
	Action      string     `json:"action" db:"action"`
	Object      string     `json:"object" db:"object"`
	ObjectID    *uuid.UUID `json:"object_id" db:"object_id"`
	UnitID      *uuid.UUID `json:"unit_id" db:"unit_id"`
	Result      string     `json:"result" db:"result"`
	Detail      []byte     `json:"detail" db:"detail"` // canonical JSON of Detail
	Before      []byte     `json:"before" db:"before"`
	After       []byte     `json:"after" db:"after"`
	RequestID   string     `json:"request_id" db:"request_id"`
	Prev        []byte     `json:"prev" db:"prev"`
	Hash        []byte     `json:"hash" db:"hash"`
}

func (tx *Tx) record(e Entry, request string) (Record, error) {
	detail, err := json.Marshal(e.Detail)
	if err != nil {
		return Record{}, err
	}
	before, err := digest(e.Before)
	if err != nil {
		return Record{}, err
	}
	after, err := digest(e.After)
	if err != nil {
		return Record{}, err
	}
	s := tx.scope
	r := Record{
		TenantID: e.Office, At: tx.clock().UTC().Truncate(time.Microsecond), ActorID: optional(s.member.UUID),
		ActorName: s.name, ActorTenant: s.office.ID, Role: s.role, GrantID: optional(s.grant.UUID), Action: e.Action,
		Object: e.Object, ObjectID: optional(e.ID), UnitID: optional(e.Unit.UUID), Result: "done",
		Detail: detail, Before: before, After: after, RequestID: request,
	}
	if e.Denied {
		r.Result = "denied"
	}
	return r, nil
}

// chained returns SM3(0x01 ‖ prev ‖ SM3(0x00 ‖ entry)). Each part of the entry is
// preceded by its length, so that nothing can move from one part to the next.
// The office's number is left out: it changes when the tree does.
func (r Record) chained() []byte {
	entry := []byte{0}
	part := func(b []byte) {
		entry = binary.BigEndian.AppendUint32(entry, uint32(len(b)))
		entry = append(entry, b...)
	}
	id := func(u *uuid.UUID) {
		if u == nil {
			part(nil)
			return
		}
		part(u[:])
	}
	entry = binary.BigEndian.AppendUint64(entry, uint64(r.Seq))
	entry = binary.BigEndian.AppendUint64(entry, uint64(r.At.UnixMicro()))
	id(r.ActorID)
	id(r.GrantID)
	id(r.ObjectID)
	id(r.UnitID)
	for _, s := range []string{r.ActorName, string(r.Role), r.Action, r.Object, r.Result, r.RequestID} {
		part([]byte(s))
	}
	part(r.Detail)
	part(r.Before)
	part(r.After)
	leaf := sm3.Sum(entry)
	link := sm3.Sum(slices.Concat([]byte{1}, r.Prev, leaf[:]))
	return link[:]
}

func digest(row any) ([]byte, error) {
	if row == nil {
		return nil, nil
	}
	b, err := json.Marshal(row)
	if err != nil {
		return nil, err
	}
	sum := sm3.Sum(b)
	return sum[:], nil
}

func optional(u uuid.UUID) *uuid.UUID {
	if u == uuid.Nil {
		return nil
	}
	return &u
}
