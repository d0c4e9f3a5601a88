/** As the English ones. */
export const german = `
Wie viele Einwohner hat Brasilien?
Wer hat die Decke der Sixtinischen Kapelle gemalt?
Wie lange muss ein Ei kochen?
Welcher Planet hat die meisten Monde?
Wie entferne ich einen Rotweinfleck aus dem Teppich?
Wann ist ein Spieler im Abseits?
Wer bekam als erste Frau einen Nobelpreis?
Wie trainiere ich für meinen ersten Zehn-Kilometer-Lauf?
In welchem Alter wird ein Kater kastriert?
Wie stricke ich einen Schal?
Welche Papiere brauche ich für eine Heirat im Ausland?
Woher kommt Migräne?
Was kostet ein Flug nach Tokio?
Wie backe ich Brot mit Sauerteig?
Worum geht es in Romeo und Julia?
Was ist ein Kredit mit festem Zins?
Wie heißt der höchste Berg Afrikas?
Wann schneide ich einen Apfelbaum?
Kannst du mir einen guten Krimi empfehlen?
In welchem Jahr begann der Dreißigjährige Krieg?
Wie tanzt man Tango?
Wie steht der Kurs des Yen zum Euro?
Wie beruhige ich ein weinendes Baby?
Welche Vitamine stecken in Spinat?
Welches Instrument lernen Erwachsene am leichtesten?
Wie flicke ich einen Fahrradschlauch?
Wer erfand den Buchdruck?
Was unterscheidet ein Krokodil von einem Alligator?
Wie verhandle ich über mehr Gehalt?
Wie komme ich mit dem Zug zum Flughafen?
Was ist Photosynthese?
Schreibe ein Gedicht über das Meer.
Wie viele Kalorien hat eine Banane?
Wie falte ich einen Kranich aus Papier?
Was meinte Kant mit dem kategorischen Imperativ?
Wie werden meine Zähne weißer?
Wo beantrage ich einen neuen Reisepass?
Wer gewann das letzte Eishockeyfinale bei Olympia?
Wie zentriere ich ein div mit CSS?
Wie kehre ich eine verkettete Liste in Java um?
Was ist das Integral der Exponentialfunktion?
Wen soll ich wählen?`;
