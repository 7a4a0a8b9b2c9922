package demo

import (
	"maps"
	"slices"

	"xuncha/inspection"
)

// schedule gives every finding its days: how many are overdue, closed on time or
// late, and closed in which month comes out as the story says.
func schedule(offices []Office, plans map[string][]*row) {
	closings(offices, plans)
	today := inspection.DayOf(Clock)
	for i := range offices {
		if o := &offices[i]; o.Ledger != nil {
			due(o, plans[o.Slug], today)
			outcomes(o, plans[o.Slug])
		}
	}
}

// closings spreads what the six counties closed over the months of the story;
// the cities' own follow one after the other. What a scene closes and takes back
// counts in the months between, and so the others close the fewer until then.
func closings(offices []Office, plans map[string][]*row) {
	closed := map[string][]*row{}
	for slug, rows := range plans {
		for _, r := range rows {
			if r.State == "closed" {
				closed[slug] = append(closed[slug], r)
			}
		}
	}
	byMonth := read[story]("story.json").ClosedByMonth
	before := 0
	for _, month := range slices.Sorted(maps.Keys(byMonth)) {
		first := day(month + "-01")
		others := byMonth[month]
		for _, s := range scenes {
			if s.closed != "" && s.closed[:7] <= month && month < s.undone[:7] {
				others--
			}
		}
		closeMonth(offices, closed, first, others-before)
		before = others
	}
	for _, o := range offices {
		for i, r := range closed[o.Slug] { // those of the cities are left
			on := o.Ledger.FeedbackOn + 25 + inspection.Day(i*3%120)
			r.ClosedOn = &on
		}
	}
}

// closeMonth closes n findings in the month that begins with first, in turn from
// the counties whose feedback was given early enough.
func closeMonth(offices []Office, closed map[string][]*row, first inspection.Day, n int) {
	for i := 0; n > 0; {
		for _, o := range offices {
			if o.Level != "county" || o.Ledger.FeedbackOn+4 > first || len(closed[o.Slug]) == 0 || n == 0 {
				continue
			}
			on := first + 2 + inspection.Day(i*5%17)
			closed[o.Slug][0].ClosedOn = &on
			closed[o.Slug] = closed[o.Slug][1:]
			i++
			n--
		}
	}
}

// due gives the findings of one office their due days.
func due(o *Office, rows []*row, today inspection.Day) {
	overdue := map[string]int{}
	for _, u := range o.Ledger.Units {
		overdue[u.Name] = u.Overdue
	}
	for _, r := range rows { // scenes first: their days stand
		if r.DueOn != 0 && r.DueOn < today && r.State != "closed" {
			overdue[r.UnitName]--
		}
	}
	late, since := o.Ledger.Late, o.Ledger.OverdueSince
	for i, r := range rows {
		step := inspection.Day(i)
		switch r.State {
		case "closed":
			r.closedDays(o, step, late > 0 && i%3 == 0)
			if late > 0 && i%3 == 0 {
				late--
			}
		case "long-term":
			review := day("2027-03-31")
			r.ReviewOn, r.DueOn, r.Kind = &review, review, "long"
			r.Submitted = within(today - 40 + step%20)
		case "submitted":
			r.DueOn = today + 2 + step%19
			r.Submitted = within(today - 1 - step%4)
		default:
			r.openDays(step, today, overdue)
			if r.DueOn < today && len(since) > 0 {
				r.DueOn, since = since[0], since[1:]
			}
		}
	}
	if late > 0 {
		panic("the story has more late closings than the plan placed")
	}
}

// closedDays gives a closed finding its due day and the day of handing in.
func (r *row) closedDays(o *Office, step inspection.Day, late bool) {
	r.DueOn = *r.ClosedOn + 3 + step%25
	if late {
		r.DueOn = max(*r.ClosedOn-3-step%9, o.Ledger.FeedbackOn+1)
	}
	r.Submitted = within(max(*r.ClosedOn-2-step%6, o.Ledger.FeedbackOn+1))
	r.Rules = int(step+1) % 3 / 2
	if r.AmountFen != nil {
		r.Recovered = *r.AmountFen
	}
}

// openDays gives an open finding its due day: in the past for as many of its
// unit as are overdue.
func (r *row) openDays(step, today inspection.Day, overdue map[string]int) {
	if r.State == "returned" && r.Returned == nil {
		r.Submitted, r.Returned, r.Note = within(today-12+step%4), within(today-7+step%5), "佐证与措施不符，请补充能够反映整改结果的材料。"
	}
	if r.DueOn != 0 {
		return
	}
	r.DueOn = today + 1 + step*3%67
	if overdue[r.UnitName] > 0 {
		overdue[r.UnitName]--
		r.DueOn = today - 3 - step*5%38
	}
}

func within(d inspection.Day) *inspection.Day { return &d }

// outcomes gives the closed findings of a unit the rules and the money that the
// story says came of them.
func outcomes(o *Office, rows []*row) {
	for _, u := range o.Ledger.Units {
		if u.Outcome == (Outcome{}) {
			continue
		}
		made, amended, left := u.Outcome.Made, u.Outcome.Amended, u.Outcome.Recovered
		for _, r := range rows {
			if r.UnitName != u.Name || r.State != "closed" {
				continue
			}
			r.Rules, r.Amended = min(made, 1), 0
			made -= r.Rules
			if r.Rules == 0 {
				r.Amended = min(amended, 1)
				amended -= r.Amended
			}
			r.Recovered = min(r.Recovered, left)
			left -= r.Recovered
		}
	}
}
