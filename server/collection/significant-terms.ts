import { stem } from './stem.ts';

/** Words that occur in any subject: quantity, quality, time, everyday verbs. The tokeniser drops stop words already. */
const genericWords =
  'able,across,again,against,ago,all,allow,almost,already,also,although,always,another,anybody,anyone,' +
  'anything,around,ask,avoid,away,back,bad,become,before,begin,behind,best,better,between,big,both,' +
  'bring,call,cannot,case,cause,certain,change,choose,come,common,compare,consider,correct,course,day,' +
  'decide,different,difference,difficult,each,early,easy,either,else,end,enough,especially,etc,even,' +
  'ever,every,everyone,everything,exactly,example,expect,explain,far,fast,few,final,find,first,follow,' +
  'form,full,further,general,get,give,go,good,great,group,hand,happen,hard,help,high,idea,important,' +
  'include,inside,instead,keep,kind,know,large,last,late,learn,least,leave,less,let,like,likely,little,' +
  'long,look,lose,lot,low,main,make,many,matter,maybe,mean,might,mind,move,much,must,name,near,' +
  'necessary,need,never,new,next,nobody,none,normal,nothing,now,number,often,old,once,one,only,opinion,' +
  'option,order,other,others,otherwise,outside,part,particular,people,perhaps,person,place,plan,please,' +
  'point,possible,prefer,problem,proper,put,question,quick,quite,rather,read,ready,real,really,reason,' +
  'recommend,related,right,same,say,second,see,seem,send,set,several,short,show,side,similar,simple,' +
  'since,small,someone,something,sometimes,soon,special,start,step,still,stop,suggest,sure,take,talk,' +
  'tell,thank,thing,think,third,three,time,today,together,tomorrow,top,total,toward,true,try,turn,two,' +
  'type,under,understand,unless,until,use,used,useful,usual,usually,various,want,way,week,well,whether,' +
  'whole,without,wonder,word,work,world,worth,write,wrong,year,yes,yesterday,yet';

const genericTerms: ReadonlySet<string> = new Set(genericWords.split(',').map(stem));

/**
 * The terms that say what a question is about; all of them where every term is generic. A section that shares only
 * `many` and `first` with a question is not about the same thing.
 */
export function significantTerms(terms: Iterable<string>): Set<string> {
  const all = new Set(terms);
  const significant = new Set([...all].filter((term) => !genericTerms.has(term)));
  return significant.size === 0 ? all : significant;
}
