package checks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rounds"
	"xuncha/tenants"
)

// Visit is one visit to one problem.
type Visit struct {
	ID          VisitID              `json:"id" db:"id"`
	CheckID     ID                   `json:"check" db:"check_id"`
	N           int                  `json:"n" db:"n" minimum:"1" maximum:"3" doc:"Of the round of checks"`
	Nth         int                  `json:"nth" db:"nth" minimum:"1" maximum:"2" doc:"2 is the second visit, after doubt"`
	FindingID   inspection.FindingID `json:"finding" db:"finding_id"`
	UnitID      inspection.UnitID    `json:"unit" db:"unit_id"`
	Number      string               `json:"number" db:"number" maxLength:"40"`
	UnitName    string               `json:"unit_name" db:"unit_name" maxLength:"100"`
	Text        string               `json:"text" db:"text" maxLength:"5000" doc:"The problem"`
	Progress    string               `json:"progress" db:"progress" maxLength:"2000" doc:"What the unit says it did"`
	CaseState   string               `json:"case_state" db:"case_state" maxLength:"20"`
	CaseVersion int                  `json:"case_version" db:"case_version" minimum:"1" maximum:"2147483647"`
	Reason      Reason               `json:"reason" db:"reason" doc:"Why it is in the sample"`
	State       State                `json:"state" db:"state"`
	PlannedOn   *inspection.Day      `json:"planned_on" nullable:"true" db:"planned_on"`
	FirstID     *inspection.MemberID `json:"first" nullable:"true" db:"first_id"`
	FirstName   string               `json:"first_name" db:"first_name" maxLength:"100"`
	SecondID    *inspection.MemberID `json:"second" nullable:"true" db:"second_id"`
	SecondName  string               `json:"second_name" db:"second_name" maxLength:"100"`
	Verdict     Verdict              `json:"verdict" db:"verdict" doc:"Empty before the report"`
	Seen        string               `json:"seen" db:"seen" maxLength:"2000" doc:"到现场看到了什么"`
	Place       string               `json:"place" db:"place" maxLength:"200"`
	VisitedAt   *time.Time           `json:"visited_at" db:"visited_at"`
	Latitude    *float64             `json:"latitude" nullable:"true" db:"latitude" minimum:"-90" maximum:"90"`
	Longitude   *float64             `json:"longitude" nullable:"true" db:"longitude" minimum:"-180" maximum:"180"`
	Content     int                  `json:"content" db:"content" minimum:"0" maximum:"100" doc:"满意"`
	Fair        int                  `json:"fair" db:"fair" minimum:"0" maximum:"100" doc:"基本满意"`
	Discontent  int                  `json:"discontent" db:"discontent" minimum:"0" maximum:"100" doc:"不满意"`
	ReportedBy  string               `json:"reported_by" db:"reported_by" maxLength:"100"`
	ReportedAt  *time.Time           `json:"reported_at" db:"reported_at"`
	AgreedBy    string               `json:"agreed_by" db:"agreed_by" maxLength:"100"`
	AgreedAt    *time.Time           `json:"agreed_at" db:"agreed_at"`
	ReturnNote  string               `json:"return_note" db:"return_note" maxLength:"500" doc:"What the director wants added"`
	Outcome     Outcome              `json:"outcome" db:"outcome" doc:"Empty before the confirmation"`
	OutcomeNote string               `json:"outcome_note" db:"outcome_note" maxLength:"2000"`
	ConfirmedBy string               `json:"confirmed_by" db:"confirmed_by" maxLength:"100"`
	ConfirmedAt *time.Time           `json:"confirmed_at" db:"confirmed_at"`
	ChangedAt   time.Time            `json:"changed_at" db:"changed_at"`
	ChangedBy   string               `json:"changed_by" db:"changed_by" maxLength:"100"`
	Version     int                  `json:"version" db:"version" minimum:"1" maximum:"2147483647" doc:"Goes into If-Match"`
	Votes       [2]int               `json:"votes" db:"-" nullable:"false" doc:"How many people present give their opinion: at least, at most"`
	Photos      []Photo              `json:"photos" db:"-" nullable:"false" maxItems:"9"`
	Allowed     []Action             `json:"allowed" db:"-" nullable:"false" maxItems:"10" doc:"What you may do next"`

	RoundID    inspection.RoundID   `json:"-" db:"round_id"`
	ReportedID *inspection.MemberID `json:"-" db:"reported_id"`
}

const visitColumns = `v.id, v.check_id, v.n, v.nth, v.finding_id, v.unit_id, f.number, u.name as unit_name, f.text, r.progress,
	r.state as case_state, r.version as case_version, v.reason, v.state, v.planned_on, v.first_id, v.first_name, v.second_id,
	v.second_name, v.verdict, v.seen, v.place, v.visited_at, v.latitude::float8 as latitude, v.longitude::float8 as longitude,
	v.content, v.fair, v.discontent, v.reported_by, v.reported_at, v.agreed_by, v.agreed_at, v.return_note, v.outcome,
	v.outcome_note, v.confirmed_by, v.confirmed_at, v.changed_at, v.changed_by, v.version, v.round_id, v.reported_id`

const visitTables = `check_visits v
	join findings f on f.tenant_id = v.tenant_id and f.id = v.finding_id
	join rectifications r on r.tenant_id = v.tenant_id and r.finding_id = v.finding_id
	join units u on u.tenant_id = v.tenant_id and u.id = v.unit_id`

// see fills in what follows from who looks. A report is the inspectors', and the
// second of them agrees with it; whoever inspected does not confirm.
func (v *Visit) see(scope tenants.Scope) {
	v.Allowed = []Action{}
	for _, do := range visits.Allowed(v.State, scope.Role()) {
		if v.mine(scope, do) == nil {
			v.Allowed = append(v.Allowed, do)
		}
	}
	if v.Photos == nil {
		v.Photos = []Photo{}
	}
}

// inspects reports whether the person is one of the visit's inspectors.
func (v *Visit) inspects(m inspection.MemberID) bool {
	return v.FirstID != nil && *v.FirstID == m || v.SecondID != nil && *v.SecondID == m
}

// mine refuses what is somebody else's to do.
func (v *Visit) mine(scope tenants.Scope, do Action) error {
	me := scope.Member()
	switch do {
	case Report, Attach, Agree:
		if !v.inspects(me) {
			return inspection.Errorf(inspection.Forbidden, "check.not-inspector", "需由本次检查的两名检查人办理。")
		}
		if do == Agree && v.ReportedID != nil && *v.ReportedID == me {
			return inspection.Errorf(inspection.Forbidden, "check.own-report", "检查结果由你提交，需由另一名检查人核对。")
		}
	case Confirm:
		if v.inspects(me) {
			return inspection.Errorf(inspection.Forbidden, "check.own-visit", "你是本次检查人，需由另一名主任确认。")
		}
	case Cancel:
		if v.ReportedAt != nil {
			return inspection.Errorf(inspection.Conflict, "check.reported", "%s 已有检查结果，不能取消，请由检查人补充后确认。", v.Number)
		}
	}
	return nil
}

// notOwn refuses who belongs or belonged to the unit to say what was found there, or
// what follows.
func notOwn(ctx context.Context, tx *tenants.Tx, do Action, unit inspection.UnitID) error {
	if do != Report && do != Agree && do != Return && do != Confirm {
		return nil
	}
	return rectification.NotOwn(ctx, tx, unit,
		inspection.Errorf(inspection.Forbidden, "check.own-unit", "你与该单位有隶属关系，需要回避，需由其他人员办理。"))
}

// entry is the journal's entry of an act on the visit. It names no unit: the
// unit's people do not read it.
func (v Visit) entry(action, title, text string) tenants.Entry {
	return tenants.Entry{
		Action: action, Object: "check-visit", ID: v.ID.UUID,
		Detail: tenants.Detail{Title: title, Text: text, Number: v.Number},
	}
}

// lock returns the visit and keeps others from changing it until tx ends.
func lock(ctx context.Context, tx *tenants.Tx, id VisitID) (Visit, error) {
	rows, _ := tx.Query(ctx, `
		select `+visitColumns+` from `+visitTables+`
		where `+tenants.Own("v")+` and v.id = @id
		for update of v`, pgx.StrictNamedArgs{"id": id})
	return tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Visit]))
}

// Get returns one visit with its photos.
func (s *Service) Get(ctx context.Context, scope tenants.Scope, id VisitID) (v Visit, err error) {
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		rows, _ := tx.Query(ctx, `
			select `+visitColumns+` from `+visitTables+`
			where `+tenants.Own("v")+` and v.id = @id`, pgx.StrictNamedArgs{"id": id})
		if v, err = tenants.Found(pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[Visit])); err != nil {
			return err
		}
		one := []Visit{v}
		if err := withVotes(ctx, tx, one); err != nil {
			return err
		}
		v = one[0]
		v.Photos, err = photosOf(ctx, tx, id)
		return err
	})
	v.see(scope)
	return v, err
}

// withVotes says of each visit what its round's policy asks of the people present.
func withVotes(ctx context.Context, tx *tenants.Tx, vs []Visit) error {
	known := map[inspection.RoundID][2]int{}
	for i, v := range vs {
		votes, ok := known[v.RoundID]
		if !ok {
			p, err := rounds.PolicyOf(ctx, tx, v.RoundID)
			if err != nil {
				return err
			}
			votes = p.CheckVotes
			known[v.RoundID] = votes
		}
		vs[i].Votes = votes
	}
	return nil
}

// act locks the visit and lets do change it, then saves it.
func (s *Service) act(
	ctx context.Context, scope tenants.Scope, id VisitID, version int, action Action,
	do func(tx *tenants.Tx, v *Visit) (tenants.Entry, error),
) (v Visit, err error) {
	err = s.DB.In(ctx, scope, func(tx *tenants.Tx) error {
		if v, err = lock(ctx, tx, id); err != nil {
			return err
		}
		if v.Photos, err = photosOf(ctx, tx, id); err != nil {
			return err
		}
		before := v
		if v.Version != version {
			// Said before anything else: who comes late from the field is shown both texts.
			before.see(scope)
			return inspection.StaleRow("check.stale", before)
		}
		if v.State, err = visits.Next(v.State, action, scope.Role()); err != nil {
			return before.told(scope, err)
		}
		if err := before.mine(scope, action); err != nil {
			return err
		}
		if err := notOwn(ctx, tx, action, v.UnitID); err != nil {
			return err
		}
		entry, err := do(tx, &v)
		if err != nil {
			return err
		}
		v.ChangedAt, v.ChangedBy, v.Version = s.Clock(), scope.Name(), v.Version+1
		save(tx, v)
		entry.Before, entry.After = before, v
		tx.Journal(entry)
		return nil
	})
	if err != nil {
		return Visit{}, err
	}
	v.see(scope)
	return v, nil
}

// told adds to a refusal what the visit is now, as who is refused sees it.
func (v Visit) told(scope tenants.Scope, err error) error {
	v.see(scope)
	if e, ok := errors.AsType[*inspection.Error](err); ok && e.Kind == inspection.Conflict {
		told := *e
		told.Current = v
		return &told
	}
	return err
}

func save(tx *tenants.Tx, v Visit) {
	tx.Later(`
		update check_visits v
		set state = @state, planned_on = @planned_on, first_id = @first_id, first_name = @first_name, second_id = @second_id,
			second_name = @second_name, verdict = @verdict, seen = @seen, place = @place, visited_at = @visited_at,
			latitude = @latitude, longitude = @longitude, content = @content, fair = @fair, discontent = @discontent,
			reported_id = @reported_id, reported_by = @reported_by, reported_at = @reported_at, agreed_by = @agreed_by,
			agreed_at = @agreed_at, return_note = @return_note, outcome = @outcome, outcome_note = @outcome_note,
			confirmed_by = @confirmed_by, confirmed_at = @confirmed_at, changed_at = @changed_at, changed_by = @changed_by,
			version = @version
		where `+tenants.Own("v")+` and id = @id`, pgx.StrictNamedArgs{
		"id": v.ID, "state": v.State, "planned_on": v.PlannedOn, "first_id": v.FirstID, "first_name": v.FirstName,
		"second_id": v.SecondID, "second_name": v.SecondName, "verdict": v.Verdict, "seen": v.Seen, "place": v.Place,
		"visited_at": v.VisitedAt, "latitude": v.Latitude, "longitude": v.Longitude, "content": v.Content, "fair": v.Fair,
		"discontent": v.Discontent, "reported_id": v.ReportedID, "reported_by": v.ReportedBy, "reported_at": v.ReportedAt,
		"agreed_by": v.AgreedBy, "agreed_at": v.AgreedAt, "return_note": v.ReturnNote, "outcome": v.Outcome,
		"outcome_note": v.OutcomeNote, "confirmed_by": v.ConfirmedBy, "confirmed_at": v.ConfirmedAt,
		"changed_at": v.ChangedAt, "changed_by": v.ChangedBy, "version": v.Version,
	})
}

// VisitFilter says which visits are listed.
type VisitFilter struct {
	Mine    bool // those that the person makes
	Check   ID
	Finding inspection.FindingID
	States  []State
	Cursor  string
	Limit   int
}

// List returns visits, those planned first at the top.
func (s *Service) List(ctx context.Context, scope tenants.Scope, f VisitFilter) (p inspection.Page[Visit], err error) {
	after, err := readCursor(f.Cursor)
	if err != nil {
		return p, err
	}
	var check *ID
	if f.Check != (ID{}) {
		check = &f.Check
	}
	var finding *inspection.FindingID
	if f.Finding != (inspection.FindingID{}) {
		finding = &f.Finding
	}
	where := tenants.Own("v") + `
		and (not @mine or @me in (v.first_id, v.second_id)) and (@check::uuid is null or v.check_id = @check)
		and (@finding::uuid is null or v.finding_id = @finding)
		and (coalesce(cardinality(@states::text[]), 0) = 0 or v.state = any(@states))`
	args := pgx.StrictNamedArgs{"mine": f.Mine, "me": scope.Member(), "check": check, "finding": finding, "states": f.States}
	err = s.DB.Read(ctx, scope, func(tx *tenants.Tx) error {
		if err := tx.QueryRow(ctx, `select count(*) from check_visits v where `+where, args).Scan(&p.Total); err != nil {
			return fmt.Errorf("count visits: %w", err)
		}
		args["limit"], args["day"], args["number"], args["nth"] = f.Limit+1, after.Day, after.Number, after.Nth
		rows, _ := tx.Query(ctx, `
			select `+visitColumns+` from `+visitTables+`
			where `+where+` and (coalesce(v.planned_on, '2199-12-31'), f.number, v.nth) > (@day::date, @number, @nth)
			order by coalesce(v.planned_on, '2199-12-31'), f.number, v.nth
			limit @limit`, args)
		if p.Items, err = pgx.CollectRows(rows, pgx.RowToStructByName[Visit]); err != nil {
			return fmt.Errorf("list visits: %w", err)
		}
		p.Cut(f.Limit, Visit.cursor)
		if err := withVotes(ctx, tx, p.Items); err != nil {
			return err
		}
		return withPhotos(ctx, tx, p.Items)
	})
	for i := range p.Items {
		p.Items[i].see(scope)
	}
	return p, err
}
