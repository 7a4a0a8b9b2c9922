package statistics

import (
	"fmt"

	"github.com/jackc/pgx/v5"

	"xuncha/inspection/rectification"
	"xuncha/tenants"
)

// Verdict is what an office's on-time rate says against one reference. Against another
// it may say something else, which is why the reference is named.
type Verdict struct {
	Whose   string `json:"whose" maxLength:"100" doc:"Average: 全省, 本市, 靖原市; empty: it is not compared with itself"`
	Offices int    `json:"offices" minimum:"0" maximum:"100000" doc:"How many that average adds up"`
	Rate    Rate   `json:"rate" doc:"Of the reference"`
	Band    Band   `json:"band"`
}

// Words is the verdict as people read it, 低于靖原市平均 91.1%; nothing where nothing is
// compared.
func (v Verdict) Words() string {
	if v.Whose == "" {
		return ""
	}
	at := fmt.Sprintf("%s平均 %d/%d", v.Whose, v.Rate.Num, v.Rate.Den)
	if t := v.Rate.Tenths; t != nil {
		at = fmt.Sprintf("%s平均 %d.%d%%", v.Whose, *t/10, *t%10)
	}
	switch v.Band {
	case Higher, Lower:
		return v.Band.Word() + at
	case Even:
		return "与" + at + " " + v.Band.Word()
	}
	return v.Band.Word()
}

// whole is how all lowest offices of the tree do to which the reader's office belongs.
type whole struct {
	Offices int `db:"offices"`
	OnTime  int `db:"on_time"`
	Due     int `db:"due"`
}

// wholeOnTime adds up the whole tree; there is no row where that would tell how single
// offices outside the reader's reach stand.
const wholeOnTime = `select offices, on_time, due from sec.whole_on_time(@today, @running)`

func (s *Service) wholeArgs() pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"today": s.Clock.Today(), "running": rectification.Running()}
}

// compare says of every lowest office, and of those that stand for several, what its
// rate says against the sum of all that are looked at; and against that of its own city,
// or of the whole province, whichever the first is not.
func (o *Overview) compare(top tenants.Tenant, tree []tenants.Tenant, w whole, z float64) {
	o.References = []string{}
	if len(o.Leaves) == 0 {
		return
	}
	all := map[string]string{"province": "全省", "city": "本市", "county": "本县"}[top.Level]
	total := Verdict{Whose: all, Offices: o.Total.Offices, Rate: o.Total.OnTimeRate}
	o.refer(all+"平均", z, func(Line) Verdict { return total })
	cities := map[string]Line{} // by the slug of what is below them
	for _, t := range tree {
		of := branch(top, tree, t.ID)
		for _, r := range o.Rows {
			if r.Below && r.Slug == of.Slug {
				cities[t.Slug] = r
			}
		}
	}
	switch {
	case len(cities) > 0:
		o.refer("本市平均", z, func(l Line) Verdict {
			switch city, ok := cities[l.Slug]; {
			case !ok: // it has no city
				return total
			case l.Below:
				return Verdict{}
			default:
				return Verdict{Whose: city.Name, Offices: city.Offices, Rate: city.OnTimeRate}
			}
		})
	case w.Offices > o.Total.Offices-o.Total.Silent:
		whole := Verdict{Whose: "全省", Offices: w.Offices, Rate: newRate(w.OnTime, w.Due, z)}
		o.refer("全省平均", z, func(Line) Verdict { return whole })
	}
}

// refer adds a reference, which may be another for every line; none for a line that
// would be compared with itself.
func (o *Overview) refer(name string, z float64, of func(Line) Verdict) {
	o.References = append(o.References, name)
	for _, lines := range [][]Line{o.Rows, o.Leaves} {
		for i, l := range lines {
			v := of(l)
			v.Band = band(l.Counts.OnTime, l.Counts.Due, z, v.Rate)
			lines[i].Against = append(lines[i].Against, v)
		}
	}
}
