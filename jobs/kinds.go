package jobs

import (
	"context"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/doubts"
	"xuncha/inspection/rectification/extensions"
	"xuncha/inspection/rectification/samples"
	"xuncha/tenants"
)

// SendMail sends the mail of one office that is ready.
type SendMail struct{ Office }

// Kind names the job in the queue.
func (SendMail) Kind() string { return "send_mail" }

// SendsMail returns the work of [SendMail].
func SendsMail(db *tenants.DB, outbox *rectification.Outbox) Work {
	return Once(db, func(ctx context.Context, scope tenants.Scope, _ SendMail) error { return outbox.Send(ctx, scope) })
}

// WakeMail returns what the outbox calls when mail is ready.
func (c *Client) WakeMail(ctx context.Context, tx *tenants.Tx) error {
	return c.Put(ctx, tx, SendMail{Office{tx.Scope().Office().Slug}})
}

// RunImport imports the rows of a ledger that a person chose.
type RunImport struct {
	Office
	Import inspection.ImportID `json:"import"`
}

// Kind names the job in the queue.
func (RunImport) Kind() string { return "run_import" }

// RunsImports returns the work of [RunImport].
func RunsImports(db *tenants.DB, imports *rectification.Imports) Work {
	return Steps(db,
		func(ctx context.Context, tx *tenants.Tx, job RunImport) (bool, error) {
			return imports.Step(ctx, tx, job.Import)
		},
		func(ctx context.Context, tx *tenants.Tx, job RunImport, cause error) error {
			return imports.Fail(ctx, tx, job.Import, cause)
		})
}

// StartImport returns what imports call when a person runs one.
func (c *Client) StartImport(ctx context.Context, tx *tenants.Tx, id inspection.ImportID) error {
	return c.Put(ctx, tx, RunImport{Office{tx.Scope().Office().Slug}, id})
}

// LookForDoubt looks for signals of doubt about one case.
type LookForDoubt struct {
	Office
	Finding inspection.FindingID `json:"finding"`
}

// Kind names the job in the queue.
func (LookForDoubt) Kind() string { return "look_for_doubt" }

// LooksForDoubts returns the work of [LookForDoubt].
func LooksForDoubts(db *tenants.DB, room *doubts.Service) Work {
	return Steps(db, func(ctx context.Context, tx *tenants.Tx, job LookForDoubt) (bool, error) {
		return false, room.Look(ctx, tx, job.Finding)
	}, nil)
}

// LookForDoubts returns what the room of doubts calls when a case was handed in,
// closed, or decided about.
func (c *Client) LookForDoubts(ctx context.Context, tx *tenants.Tx, id inspection.FindingID) error {
	return c.Put(ctx, tx, LookForDoubt{Office{tx.Scope().Office().Slug}, id})
}

// CarryOutExtension does to a case what the level above decided about a request for
// more time.
type CarryOutExtension struct {
	Office
	Extension inspection.ExtensionID `json:"extension"`
}

// Kind names the job in the queue.
func (CarryOutExtension) Kind() string { return "carry_out_extension" }

// CarriesOutExtensions returns the work of [CarryOutExtension].
func CarriesOutExtensions(db *tenants.DB, room *extensions.Service) Work {
	return Steps(db, func(ctx context.Context, tx *tenants.Tx, job CarryOutExtension) (bool, error) {
		return false, room.CarryOut(ctx, tx, job.Extension)
	}, nil)
}

// CarryOutExtension returns what the room of extensions calls when an office above
// decided about a request of this office, named by its slug.
func (c *Client) CarryOutExtension(ctx context.Context, tx *tenants.Tx, office string, id inspection.ExtensionID) error {
	return c.Put(ctx, tx, CarryOutExtension{Office{office}, id})
}

// CarryOutSample reopens an item that the office above found not to be put right when
// it sampled what was closed.
type CarryOutSample struct {
	Office
	Item samples.ItemID `json:"item"`
}

// Kind names the job in the queue.
func (CarryOutSample) Kind() string { return "carry_out_sample" }

// CarriesOutSamples returns the work of [CarryOutSample].
func CarriesOutSamples(db *tenants.DB, room *samples.Service) Work {
	return Steps(db, func(ctx context.Context, tx *tenants.Tx, job CarryOutSample) (bool, error) {
		return false, room.CarryOut(ctx, tx, job.Item)
	}, nil)
}

// CarryOutSample returns what the room of samples calls when an item of this office,
// named by its slug, was refuted above.
func (c *Client) CarryOutSample(ctx context.Context, tx *tenants.Tx, office string, id samples.ItemID) error {
	return c.Put(ctx, tx, CarryOutSample{Office{office}, id})
}
