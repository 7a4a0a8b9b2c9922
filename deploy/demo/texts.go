package demo

import (
	"fmt"
	"strings"
)

// template is a problem as such reports word it, with its measures.
type template struct {
	Code     string   `json:"code"`
	Text     string   `json:"text"`
	Amount   int      `json:"amount"`
	Goal     string   `json:"goal"`
	Measures []string `json:"m"`
}

// tag is the common issue of the story, and its template.
const tag = "村级集体资金管理不规范"

var tagged = template{
	Code: "D0201", Amount: 1, Goal: "清理规范村级资金管理",
	Text:     tag + "，抽查{n}个村，{k}个村存在坐收坐支，涉及{w}万元。",
	Measures: []string{"开展村级集体资金专项清理，收入全部进入“三资”代理账户。", "推行村级非现金结算，全面停用现金支付。", "对责任人进行约谈、批评教育。"},
}

// words fills a template. i makes the numbers differ from one finding to the
// next; the amount is in fen, 0 if the template has none.
func (t template) words(i int) (text string, measures []string, amountFen int64) {
	fen := int64(83_000 + i*127_300%9_700_000) // 0.08 to 97.8 万元
	fen -= fen % 10_000
	fill := strings.NewReplacer(
		"{n}", fmt.Sprint(8+i*7%29), "{k}", fmt.Sprint(2+i*5%5), "{y}", fmt.Sprint(2023+i%3),
		"{w}", fmt.Sprintf("%d.%02d", fen/1_000_000, fen/10_000%100),
	)
	for _, m := range t.Measures {
		measures = append(measures, fill.Replace(m))
	}
	if t.Amount == 0 {
		fen = 0
	}
	return fill.Replace(t.Text), measures, fen
}

var focusNames = [4]string{
	"聚焦党中央决策部署在基层落实情况", "聚焦群众身边腐败问题和不正之风",
	"聚焦基层党组织和党员队伍建设", "聚焦巡视巡察、审计等监督发现问题整改情况",
}

var (
	leaders     = []string{"党组书记", "分管副职甲", "分管副职乙", "分管副职丙", "纪检组长"}
	departments = []string{"办公室", "财务科", "人事科", "业务一科", "业务二科", "机关党委"}
)
