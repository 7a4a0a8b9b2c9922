package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"xuncha/inspection"
	"xuncha/inspection/disclosure/opinions"
	"xuncha/inspection/rectification"
	"xuncha/inspection/rectification/doubts"
	"xuncha/tenants"
)

// Opinions tells what the public said about the published 通报 (UX §5.8): seven
// opinions, of which four are shown, one is not, one went to the petitions office and
// one waits.
type Opinions struct {
	Intake *pgxpool.Pool // takes what the public says
	Key    []byte        // of the box
}

// voice is one of the seven, and what became of it.
type voice struct {
	at, name, text string
	item           int
	notFixed, mine bool // mine: not to be published
	decided        string
	do             func(s *opinions.Service, who tenants.Scope, o opinions.Opinion) (opinions.Opinion, error)
	replied, reply string
}

// Thread is the thread of the story.
func (d Opinions) Thread(ctx context.Context, people map[string]tenants.Scope, at func(time.Time) *tenants.DB) error {
	const notice = "SQL-XC-2026-05-02"
	liang := people["liangchen"]
	room := func(when time.Time) *opinions.Service {
		clock := func() time.Time { return when }
		cases := &rectification.Service{DB: at(when), Clock: clock, Calendar: Calendar()}
		return &opinions.Service{
			DB: at(when), Clock: clock, Calendar: Calendar(), Cases: cases, Doubts: &doubts.Service{DB: at(when), Clock: clock, Cases: cases},
		}
	}
	show := func(finding string) func(*opinions.Service, tenants.Scope, opinions.Opinion) (opinions.Opinion, error) {
		return func(s *opinions.Service, who tenants.Scope, o opinions.Opinion) (opinions.Opinion, error) {
			showing := opinions.Showing{Text: o.Proposed, Named: o.Name != ""}
			if finding != "" {
				showing.Finding = &inspection.FindingID{UUID: id("finding", finding)}
			}
			return s.Feature(ctx, who, o.ID, o.Version, showing)
		}
	}
	voices := []voice{
		{
			at: "2026-09-23 19:12", name: "桥头老李", text: "敬老院伙食费公示栏7月以后没更新", item: 6,
			decided: "2026-09-24 09:20", do: show("SQL-05-02-006"),
			replied: "2026-10-09 15:00", reply: "已核实，7至9月账目已补公示，今后每月5日前更新",
		},
		{
			at: "2026-09-25 08:40", text: "临时救助从申请到发放要多久，希望在村里贴出办理时限。", item: 5,
			decided: "2026-09-25 15:10", do: show(""),
			replied: "2026-09-30 10:00", reply: "已在各村公示栏张贴办理流程和时限，一般20个工作日内办结，紧急的先行救助。",
		},
		{
			at: "2026-09-27 21:05", name: "返乡青年", text: "公开到每一条很好，建议以后附上制度文件的全文。",
			decided: "2026-09-28 10:30", do: show(""),
			replied: "2026-10-08 09:00", reply: "已公布的制度可以在民政局政务公开栏查阅，以后的通报将附上名称和文号。",
		},
		{
			at: "2026-10-01 10:20", text: "我家邻居的事情找13000000000问，他最清楚。",
			decided: "2026-10-08 09:40", do: func(s *opinions.Service, who tenants.Scope, o opinions.Opinion) (opinions.Opinion, error) {
				return s.Decline(ctx, who, o.ID, o.Version, opinions.Declining{Reason: opinions.Personal, Note: "含他人手机号"})
			},
			replied: "2026-10-08 09:50", reply: "请勿留他人电话。需要反映具体情况的，可以拨打受理电话或来信。",
		},
		{
			at: "2026-10-10 09:15", name: "王家湾村民", text: "宅基地纠纷拖了三年没人管，请给个说法。", mine: true,
			decided: "2026-10-10 11:00", do: func(s *opinions.Service, who tenants.Scope, o opinions.Opinion) (opinions.Opinion, error) {
				return s.Pass(ctx, who, o.ID, o.Version, opinions.Passing{To: "县信访局"})
			},
			replied: "2026-10-10 11:10", reply: "您反映的事项不属于本次整改范围，已转县信访局办理，由其答复。",
		},
		{
			at: "2026-10-13 18:30", text: "殡仪馆收费牌换新的了，看得明白。", item: 8,
			decided: "2026-10-14 09:00", do: show(""),
			replied: "2026-10-14 09:10", reply: "感谢关注。欢迎继续监督。",
		},
		{at: "2026-10-19 20:46", name: "路过的", text: "镇上养老服务站的门经常锁着，说是建好了。", item: 2, notFixed: true},
	}
	for _, v := range voices {
		when := moment(v.at)
		box := opinions.Box{DB: tenants.NewDB(d.Intake, func() time.Time { return when }), Clock: func() time.Time { return when }, Key: d.Key}
		opinion := inspection.OpinionID{UUID: id("opinion", v.at)}
		_, err := box.Take(ctx, liang.Office(), opinion, opinions.Said{
			Notice: notice, Item: v.item, NotFixed: v.notFixed, Name: v.name, Text: v.text, MayShow: !v.mine,
		})
		if err != nil {
			return fmt.Errorf("opinion of %s: %w", v.at, err)
		}
		if v.do == nil {
			continue
		}
		s := room(moment(v.decided))
		o, err := s.Get(ctx, liang, opinion)
		if err == nil {
			o, err = v.do(s, liang, o)
		}
		if err == nil {
			_, err = room(moment(v.replied)).Answer(ctx, liang, o.ID, o.Version, opinions.Answering{Text: v.reply})
		}
		if err != nil {
			return fmt.Errorf("decision on the opinion of %s: %w", v.at, err)
		}
	}
	return nil
}
