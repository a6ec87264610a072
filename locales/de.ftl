# Alle Sätze von anklebot auf Deutsch. Kurz, freundlich, ehrlich; du.

## Zahlen

reach-cm = { $cm } cm
reach-inches = { $inches } Zoll ({ $cm } cm)
side = { $side ->
    [left] Links
   *[right] Rechts
}

## Die Antwort auf einen Knie-zur-Wand-Test

lunge-one = { $reach } · etwa { $degrees } ({ $rule ->
    [low] die Regel zeigt hier zu wenig
    [high] die Regel zeigt hier zu viel
   *[plain] 3,6° je cm
})
lunge-leg = { side } { $reach } ≈ { $degrees }
lunge-rule-high = Die Regel zeigt bei dieser Länge zu viel.

band-one = { $band ->
    [short] Kurzer Abstand. Die 10–15° des Artikels meinen das Gehen, und die Regel zeigt hier zu wenig: Üben lohnt, ein Urteil ist es nicht. Ferse, Zeh und Einheit prüfen, neu messen.
    [limited] Kurz: deutlich unter den meisten aktiven Erwachsenen.
    [shorter] Eher kurz, aber immer noch häufig.
    [middle] Im mittleren Bereich (etwa die Hälfte gesunder Erwachsener: 9–13 cm).
    [long] Viel Spielraum. Mehr ist nicht das Ziel; Kraft und Kontrolle erhalten.
   *[unlikely] Ungewöhnlich weit. Ferse unten? Ab dem großen Zeh? Zentimeter? Es zählt, sobald du es bestätigst oder ein zweiter Test es zeigt.
}
band-middle-near = Im mittleren Bereich gesunder Erwachsener, { $near ->
    [on] genau an der unteren Grenze
    [on-side] genau an der unteren Grenze
    [lower] nah an der unteren Grenze
   *[upper] nah an der oberen Grenze
}: ein Test allein sagt wenig.
band-both = { $band ->
    [short] Beide kurz. Die 10–15° des Artikels meinen das Gehen, und die Regel zeigt hier zu wenig: Üben lohnt, ein Urteil ist es nicht. Ferse, Zeh und Einheit prüfen, neu messen.
    [limited] Beide deutlich unter den meisten aktiven Erwachsenen.
    [shorter] Beide eher kurz, aber immer noch häufig.
    [middle] Beide im mittleren Bereich.
    [long] Beidseits viel Spielraum. Mehr ist nicht das Ziel; Kraft und Kontrolle erhalten.
   *[unlikely] Beide ungewöhnlich weit. Fersen unten? Ab dem großen Zeh? Zentimeter? Sie zählen, sobald du sie bestätigst oder ein zweiter Test es zeigt.
}
band-leg = { side }: { $band ->
    [short] kurz, Üben lohnt
    [limited] deutlich unter den meisten Aktiven
    [shorter] eher kurz, aber häufig
    [middle] im mittleren Bereich
    [long] viel Spielraum
   *[unlikely] ungewöhnlich weit, bitte prüfen und bestätigen
}.
band-physio = Bleibt es so, oder nach einer Verletzung: zur Physio.
near-line = Nah an der Grenze: der Messfehler ist größer als dieser Abstand.

odd-very-short = Zehen fast an der Wand?
odd-jump = Mehr als 5 cm neben deinem letzten Test: gleiches Bein, gleicher Aufbau?
odd-shaky = Deine Versuche liegen { $spread } cm auseinander: lieber wiederholen.

baseline = Als Ausgangswert gespeichert. Nächster Test in 14 Tagen.
baseline-leg = { side }: als Ausgangswert gespeichert.
baseline-other-state = Erster { $state ->
    [warm] warmer
   *[cold] kalter
} Test: eigener Ausgangswert. Verglichen wird nur Gleiches.
same-day-leg = { side }: zweiter Test des Tages, also kein Urteil.
same-day = Zweiter Test des Tages: das zeigt das Aufwärmen, nicht den Fortschritt.

change-leg = { side }: { change }.
change-one = { change-start }.
change-both = { $verdict ->
    [real-gain] Links { $left }, rechts { $right } cm: wohl echte Gewinne (mehr als die üblichen 1,9 cm Fehler).
    [maybe-gain] Links { $left }, rechts { $right } cm: eher mehr, aber noch im Messfehler.
    [maybe-drop] Links { $left }, rechts { $right } cm: eher weniger, noch im Messfehler. In ein, zwei Tagen gleich wiederholen.
    [real-drop] Beide weniger als letztes Mal ({ $left }, { $right }).
   *[steady] Beide gleich geblieben.
}
change = { $verdict ->
    [real-gain] { $delta } cm{ since }, wohl ein echter Gewinn (mehr als die üblichen 1,9 cm Fehler)
    [maybe-gain] { $delta } cm{ since }, eher mehr, noch im Messfehler
    [maybe-drop] { $delta } cm{ since }, eher weniger, noch im Messfehler. In ein, zwei Tagen gleich wiederholen
    [real-drop] weniger als { last-time } ({ $delta })
   *[steady] gleich{ since }
}
since = { $since ->
    [none] { "" }
   *[day] {" "}seit { $day }
}
last-time = { $since ->
    [none] letztes Mal
   *[day] am { $day }
}
change-start = { $verdict ->
    [real-drop] Weniger als { last-time } ({ $delta })
    [steady] Gleich geblieben{ since }
   *[other] { change }
}
change-drop-advice = Oft liegt es am Aufbau oder an einem steifen Morgen. Morgen genauso wiederholen.
change-drop-again = Zweimal in Folge weniger: lass das bitte ärztlich ansehen.
change-steady-normal = Das ist normal: es braucht Wochen.
change-fast = So schnell ist es oft Technik oder Einsatz: nächstes Mal bestätigen.
change-since-baseline = { $delta } cm seit dem Ausgangswert: wohl ein echter Gewinn.
change-leg-since-baseline = { side }: { $delta } cm seit dem Ausgangswert, wohl ein echter Gewinn.

gap = { $size ->
    [even] Kein messbarer Seitenunterschied.
    [small] Seitenabstand { $gap } cm: klein, häufig.
    [noticeable] { side } ist { $gap } cm kürzer: ein Hinweis. Neu messen, dann dort eine Runde mehr.
   *[large] { side } ist { $gap } cm kürzer: ein großer Unterschied. Bleibt er, oder war der Knöchel verletzt: zur Physio.
}
gap-long = { side } ist { $gap } cm kürzer. Bei etwa einem Drittel der Gesunden sind es mehr als 1,5 cm, also ein Hinweis: neu messen, dann der kürzeren Seite eine Runde mehr.
gap-moved = Der Unterschied hat sich seit letztem Mal um { $moved } cm verschoben.

advice = { $band ->
    [first] Vor dem Laufen: 10 Fußkreise je Richtung.
    [minimum] Keine Sprünge, bis das geprüft ist.
    [short] Täglich: Wade dehnen und Wadenheben. Vor dem Laufen: Fußkreise.
    [limited] Täglich: Wade dehnen (bis zu dreimal) und Wadenheben. Vor dem Laufen: Fußkreise.
    [shorter] Täglich: Wade dehnen und Wadenheben. Vor dem Laufen: Fußkreise, dann Sprünge.
    [middle] Vor dem Laufen: Fußkreise, dann Sprünge. Dehnen nach Lust.
   *[long] Vor dem Laufen: Sprünge. Wadenheben für die Kraft; kein extra Dehnen.
}
age-60 = Mit dem Alter wird es weniger: vergleich dich zuerst mit dir selbst.
age-under-18 = Unter 18: teste im Beisein Erwachsener.

hurts = Danke, dass du es sagst. Deine Zahl ist gespeichert. Bitte nicht weiter testen, und vor dem nächsten Test ärztlich ansehen lassen.

hurts-lately = Du hattest Schmerzen. Deine Zahl ist gespeichert. Bitte nicht weiter testen, und vor dem nächsten Test ärztlich ansehen lassen.

ask-side = Welches Bein war es?
ask-inches = Das ist ein kurzer Abstand. Meintest du { $inches } Zoll ({ $cm } cm)?
ask-inches-plain = Meintest du { $inches } Zoll ({ $cm } cm)?
ask-inches-two = Meintest du Zoll: { $left } und { $right } cm?

share = { $name } hat einen Knie-zur-Wand-Test geloggt: { $legs }. Und du? `/ankle test`
shared-before = Schon geteilt.
aside-saved = Gespeichert: { $legs }.

## Mehr zu einem Test

more-title = Dein Test vom { $day }
more-rule = Die Grad kommen aus der Regel des Artikels, 3,6° je cm. Sie passt bei 8–11 cm, zeigt unter 6 zu wenig und über 14 zu viel.
more-clinics = Viele Praxen haben 10 cm als Ziel.
more-middle = Der mittlere Bereich ist 9–13 cm: etwa die Hälfte gesunder Erwachsener.
more-error = Unter 1,9 cm kann es Messfehler sein, und sich selbst misst man noch ungenauer.
more-protocol = Immer gleich: barfuß, Ferse unten, großer Zeh zur Wand, gleiche Tageszeit, kalt.

## Knöpfe

button-left = Links
button-right = Rechts
button-both = Beide
button-undo = Zurücknehmen
button-answer = Antworten
button-restore = Doch behalten
button-more = Mehr
button-my-days = Meine Tage
button-join = Mitmachen
button-join-one = Mitmachen #{ $id }
button-leave = Aussteigen
button-ready = { $what } · { $days } T
button-start = Noch eine starten
button-show-name = Name zeigen
button-keep-private = Privat lassen
button-my-rank = Mein Rang
button-done = ✓ { $what }
button-done-all = { $count ->
    [2] ✓ Beides
   *[other] ✓ Alles
}
button-share = Teilen
button-confirm = Stimmt so
button-inches = Ja, Zoll
button-centimetres = Nein, cm
button-pair = Links { $left }, rechts { $right }
button-tries = { $side ->
    [left] Zwei Versuche, links
   *[right] Zwei Versuche, rechts
}
button-take = { $value }, bitte
button-older = Ältere
button-forget = Alles löschen
button-keep = Behalten

## Zurücknehmen, ändern, Verlauf

undone = Zurückgenommen: { $what }.
undone-before = Schon zurückgenommen: { $what }.
restored = Wieder da: { $what }.
confirmed = Bestätigt: { $what }. Es zählt jetzt.
nothing-to-undo = Da ist nichts zurückzunehmen. Logge einen Test: `/ankle test 9cm`
entry = { $side ->
    [left] Links { $cm }
    [right] Rechts { $cm }
   *[unknown] { $cm }
} cm, { $day } (#{ $id })
history-title = Deine Knie-zur-Wand-Tests in cm, neueste zuerst
history-row = { $day } · { $legs }{ $state ->
    [warm] {" "}· warm
   *[cold] { "" }
} · { $ids }
history-leg = { $side ->
    [left] L
    [right] R
   *[unknown] ?
} { $cm }{ $standing ->
    [unconfirmed] {" "}(unbestätigt)
   *[live] { "" }
}
history-trend = Seit { $day }: { $legs } cm. Unter 1,9 cm ist Messfehler.
history-empty = Noch kein Test. Er dauert zwei Minuten: `/ankle test 9cm`
history-end = Älteres gibt es nicht.
edit-same = Das steht schon so da: { $what }.

## Übungen abhaken

exercise-short = { $exercise ->
    [ankle-circles] Fußkreise
    [calf-raise] Wadenheben
    [calf-stretch] Dehnen
    [bound] Sprünge
   *[foam-roll] Rolle
}
list-and = { $first } und { $last }
done = ✓ { $what }{ $day ->
    [today] { "" }
   *[other] {" "}({ $date })
}. { $days ->
    [one] { $days } Tag
   *[other] { $days } Tage
} { $week ->
    [this] diese Woche
   *[that] in jener Woche
}. Vertippt? `/ankle undo`
done-first = ✓ Geschafft, Tag 1! Die Gruppe sieht heute deinen Vornamen. Lieber nicht? `/ankle me settings`
done-first-hidden = ✓ Geschafft, Tag 1! Du wirst gezählt, nicht genannt. Vertippt? `/ankle undo`
done-again = Schon gezählt { $day ->
    [today] für heute
   *[other] für { $date }
} ✓{ $sets ->
    [added] {" "}(Sätze dazugezählt)
   *[same] { "" }
}
done-waits = { $some ->
    [some] ✓ { $what } gezählt.
   *[none] Nicht gezählt.
} { $waits }: nicht vor { $until }, denn du hattest am { $since } Schmerzen.
done-noted = ✓ Notiert.
check-in = { $what }{ $sets ->
    [0] { "" }
    [one] , { $sets } Satz
   *[other] , { $sets } Sätze
}, { $day } (#{ $id })
check-ins-title = Deine Haken, neueste zuerst
check-ins-empty = Hier ist nichts abgehakt. Nach der Übung: `/ankle done calf-raise`
paused = Pause: keine Erinnerungen für dich, und deine Serie wartet. Zurück: `/ankle me resume`
paused-until = Pause bis einschließlich { $day }: keine Erinnerungen für dich, und deine Serie wartet. Früher: `/ankle me resume`
rested = { $day } ist eingefroren: ein Ruhetag bricht keine Serie und zählt nicht mit.
resumed = Willkommen zurück. Deine Serie geht weiter, wo sie war.
club-left = Du stehst nicht mehr auf den Tafeln dieses Vereins, bis du hier wieder drückst oder etwas sagst. Deine Einträge bleiben deine.
resumed-nothing = Du hattest keine Pause. Eine Auszeit? `/ankle me pause until:2026-12-10`
streak-none = Noch keine Serie: vier Tage machen eine gute Woche. `/ankle done calf-raise`
streak-first-week = Deine erste Woche.
streak-new = { $rule ->
    [weeks] Neue Woche. Bisher { $good ->
        [one] { $good } gute Woche
       *[other] { $good } gute Wochen
    }.
   *[days] Neuer Anfang. Bisher { $good ->
        [one] { $good } Tag
       *[other] { $good } Tage
    }.
}
streak-run = { $rule ->
    [weeks] { $run ->
        [one] { $run } gute Woche in Folge
       *[other] { $run } gute Wochen in Folge
    }
   *[days] { $run ->
        [one] { $run } Tag in Folge
       *[other] { $run } Tage in Folge
    }
} · { $good } insgesamt
streak-week = Diese Woche: { $good ->
    [yes] { $days } Tage, eine gute ✓
   *[no] { $days } von { $need } Tagen für eine gute
}
streak-rest = Du ruhst: solange bricht nichts.
streak-rest-until = Ruhe bis { $day }: solange bricht nichts.

## Die Rangliste

board-title = { $kind ->
    [check-ins] Haken
    [streak] Serien
   *[tests] Tage mit Test
} · { $kind ->
    [streak] gute Wochen in Folge
   *[other] { $time ->
        [today] { $today }
        [week] Mo bis heute
        [month] { $first } bis heute
       *[all] alle Zeit
    }
} ({ $zone })
board-total = { $kind ->
    [streak] { $people ->
        [one] { $people } Person bleibt dran.
       *[other] { $people } Leute bleiben dran.
    }
   *[other] { $people ->
        [one] { $people } Person
       *[other] { $people } Leute
    }, zusammen { $kind ->
        [check-ins] { $total } Haken
       *[tests] { $total ->
            [one] { $total } Testtag
           *[other] { $total } Testtage
        }
    }.
}
board-unnamed = { $count ->
    [one] jemand
   *[other] { $count } andere
}
board-honest = Es zählt, wer dabei ist, nicht wer weiter reicht.
board-empty = { $kind ->
    [tests] Noch niemand. Zwei Minuten und ein Maßband: `/ankle test 9cm`
   *[other] Noch niemand. Mach den Anfang: `/ankle done calf-raise`
}
rank = Du bist Nummer { $rank } von { $people }, mit { $kind ->
    [check-ins] { $score } Haken
    [streak] { $score ->
        [one] { $score } guten Woche in Folge
       *[other] { $score } guten Wochen in Folge
    }
   *[tests] { $score ->
        [one] { $score } Testtag
       *[other] { $score } Testtagen
    }
}.
rank-next = Noch { $ahead } bis zum nächsten Platz.
rank-none = { $kind ->
    [tests] Du stehst noch nicht darauf. Zwei Minuten und ein Maßband: `/ankle test 9cm`
   *[other] Du stehst noch nicht darauf. Nach der Übung: `/ankle done calf-raise`
}

## Challenges

challenge-new = Neue Challenge: { $title }
challenge-results = Ergebnis: { $title }
challenge-range = { $days } ({ $zone }), { $state }
challenge-length = { $days ->
    [one] ein Tag
   *[other] { $days } Tage
}
challenge-day = Tag { $day } von { $days }
challenge-rests = in Pause
challenge-waits = Ergebnis { $day } um 12
challenge-counts = Zählt einmal am Tag: { $what }
challenge-bar = { $bar } { $total } von { $goal } Tagen gemeinsam
challenge-reached = { $bar } { $total } von { $goal } Tagen: Ziel erreicht
challenge-people = { $people ->
    [one] 1 Person ist dabei.
   *[other] { $people } Leute sind dabei.
}
challenge-took-part = { $people ->
    [0] Niemand war dabei.
    [one] 1 Person war dabei. Danke fürs Mitmachen.
   *[other] { $people } Leute waren dabei. Danke fürs Mitmachen.
}
challenge-nobody = Noch niemand dabei: drück unten, oder `/ankle challenge join { $id }`
challenges-title = Challenges ({ $zone })
challenges-none = Hier gibt es noch keine Challenge.
challenges-start = Starte eine mit einem Druck, ab Montag, oder eure eigene: `/ankle challenge create "Hebejuni" for:30d goal:450`
challenge-ended-on = vorbei seit { $last }
challenge-score = { $total } von { $goal }
challenge-joined = Du bist dabei: { $title }. Tage zählen ab { $first }.
challenge-was-in = Du bist schon dabei: { $title }.
challenge-left = Du bist raus: { $title }. Deine Haken bleiben dir.
challenge-not-in = Du bist nicht dabei: { $title }. Mitmachen: `/ankle challenge join { $id }`
challenge-was-not-in = Du warst nicht dabei: { $title }.
challenge-no-day = Du bist dabei: { $title }. Noch zählt kein Tag.
challenge-own = { $title }: { $days ->
    [one] 1 Tag
   *[other] { $days } Tage
} von dir. Du bist Nummer { $rank } von { $joined }.
challenge-cancelled = Abgesagt: { $title }. Was abgehakt ist, bleibt.
challenge-winning = Du gewinnst wohl „{ $title }“. Das Ergebnis kommt { $time }, und Tafeln zeigen dich nicht. Deinen Namen zeigen?
challenge-named = Gut: dein Vorname wird im Ergebnis stehen.
challenge-unnamed = Es bleibt privat: du zählst in der Summe.
results-not-posted = Das Ergebnis von „{ $title }“ konnte ich nicht posten: { $reason ->
    [topic_closed] das Thema ist geschlossen
    [no_right] ich darf in dem Raum nicht schreiben
    [in_doubt] ich bekam keine klare Antwort, vielleicht steht es da, vielleicht nicht
   *[gone] den Raum gibt es nicht mehr, oder ich bin nicht mehr darin
}. Es ist aufgehoben: `/ankle challenge show { $id }`
post-challenge-first = { $title }: Tag { $day } von { $days }, Ziel { $goal } Tage gemeinsam.
post-challenge-half = { $title }: { $when ->
    [past] die Hälfte ist um
   *[now] Halbzeit
}, { $total } von { $goal } Tagen.
post-challenge-last = { $title }: { $when ->
    [today] letzter Tag
   *[later] endet am { $last }
}, { $total } von { $goal } Tagen.
ready-title = { $name ->
    [raises-30] 30 Tage Wadenheben
    [stretch-30] 30 Tage Wadendehnen
    [both-28] Vier Wochen Dehnen und Heben
    [warmup-14] Zwei Wochen Aufwärmen
   *[roll-14] Zwei Wochen Faszienrolle
}
ask-title = Wie heißt sie? Antworte mit `"30 Tage Wadenheben" exercise:calf-raise for:30d goal:450`, oder starte eine mit einem Druck.

## Erinnerungen

post-title = Knöchelminuten · { $day }
post-late = verspätet
post-test = Test
post-dose = { $exercise ->
    [ankle-circles] Fußkreise: auf die Zehen eines Fußes, mit dem anderen 10 Kreise je Richtung. Beide Seiten
    [calf-raise] Wadenheben auf der Stufe: hoch, 10 s langsam runter, Ferse unter die Kante. 3 × 15
    [calf-stretch] Wade dehnen: 30 s gestreckt, 30 s gebeugt, je Bein. 3 Sätze
    [bound] Sprünge: nach vorn, Knie hoch, weich landen, 30 s. 3 Sätze
   *[foam-roll] Waden rollen: 1–3 Sätze zu 30–120 s (aus Studien)
}
post-skip-raises = Neu? 1 × 8 reicht zum Start. Nicht bei Fersenschmerz oder frischer Zerrung; bei stechendem Schmerz aufhören.
post-skip = Nicht bei Schmerz oder frischer Zerrung; bei stechendem Schmerz aufhören.
post-done = Heute: { $people }{ $names }
post-last-week = Letzte Woche: { $people ->
    [one] 1 Person
   *[other] { $people } Leute
}, zusammen { $count ->
    [one] 1 Check-in
   *[other] { $count } Check-ins
}.
post-board = { $time ->
    [today] Heute
    [week] Diese Woche
    [month] Dieser Monat
   *[all] Alle Zeit
}: { $names }
days-daily = täglich
reminders-title = Erinnerungen in diesem Raum
reminders-of-home = Erinnerungen in eurem Stammraum
reminders-none = Keine Erinnerungen in diesem Raum. `/ankle remind set 07:00 days:mon-fri` setzt eine.
reminder-keeps = alle Posts bleiben
reminder-next = nächste { $times }
reminder-paused = pausiert
moment-yours = { $time }, deine Zeit
moment-yours-beside = { $time } (deine Zeit)
moment-there = { $time } ({ $city })
moment-ago = { $day ->
    [today] heute
    [yesterday] gestern
   *[other] { $date }
} { $time }
reminder-last-sent = zuletzt { $time }
reminder-last-waits = eine ist unterwegs
reminder-last-not = { $time } { $reason ->
    [no_right] nicht gesendet: ich darf nicht schreiben
    [topic_closed] nicht gesendet: Thema geschlossen
    [gone] nicht gesendet: Raum nicht erreichbar
    [break] ausgelassen: Pause
    [removed] ausgelassen: pausiert
    [rejected] nicht gesendet: abgelehnt
    [in_doubt] vielleicht gesendet, ich weiß es nicht
    [late] nicht gesendet: zu spät
   *[other] nicht gesendet: kam nicht durch
}
reminder-set = Gespeichert: { $about }
reminder-same = Gibt es schon: { $about }
reminder-rests = Pausiert: { $about }
reminder-goes-on = Wieder da: { $about }
reminder-first = Nächste: { $time }.
reminder-resume = Sie ruht bis `/ankle remind resume { $id }`
not-posted = { $part ->
    [morning] Heute früh
    [afternoon] Heute Nachmittag
   *[evening] Heute Abend
} konnte ich { $known ->
    [both] in { $room } ({ $chat }) nichts posten
    [some] in { $room } nichts posten
   *[none] eine Erinnerung nicht posten
}: { $reason ->
    [no_right] Ich darf dort nicht schreiben.
    [in_doubt] Ich bekam keine klare Antwort: Vielleicht steht sie da, vielleicht nicht.
    [topic_closed] Das Thema ist geschlossen.
   *[gone] Den Raum gibt es nicht mehr, oder ich bin nicht mehr darin.
}
not-posted-next = Es geht um Erinnerung { $about }. Du hörst davon nur dieses eine Mal.
quiet = { $known ->
    [both] In { $room } ({ $chat }) hat diese Woche niemand gedrückt
    [some] In { $room } hat diese Woche niemand gedrückt
   *[none] Diese Woche hat niemand gedrückt
}. Lieber einmal die Woche?
fixed = Danke. Ich darf dort wieder schreiben.
fixed-now = Danke. Die von heute kommt gleich.
kept-as-is = Es bleibt, wie es ist.
reminder-tested = Sie kommt gleich in den Raum, als Test bezeichnet.
reminder-removed = Entfernt: #{ $id }.
reminder-home = Sie kommt in eurem Stammraum, nicht hier: dafür gibt es `in:here`.

## Einstellungen

me-title = { $name }
me-zone = Zone: { $zone } (jetzt { $time }) · Tag ab { $start }
me-no-zone = Zone: keine, also UTC · Tag ab { $start }
me-club-zone = Zone vom Verein: { $zone } (jetzt { $time }) · Tag ab { $start }
me-unit = Einheit: { $unit } · { $language }
me-age = Altersgruppe: { $age } · Listen: { $privacy ->
    [hidden] gezählt, nicht genannt
   *[shown] mit Vornamen
}
me-unset = nicht gesetzt
me-tests = { $count ->
    [0] Kein Test
    [one] { $count } Test
   *[other] { $count } Tests
} · `/ankle export` · `/ankle forget`
me-change = Ändern: `/ankle me settings zone:Berlin`
me-saved = Gespeichert.
zone-hint = Keine Zone gesetzt, also zählt es für { $day } in UTC. Deine setzt `/ankle me settings zone:Berlin`.

## Der Verein

club-title = Was für diesen Verein eingestellt ist
club-zone = Zone: { $zone } (jetzt { $time })
club-no-zone = Zone: nicht gesetzt. Für Organisierende: `/ankle club settings zone:Berlin`
club-language = Sprache: { $language }
club-followed = { $count ->
    [one] Eine Erinnerung zieht mit: ihre Uhrzeit gilt jetzt in { $city }.
   *[other] { $count } Erinnerungen ziehen mit: ihre Uhrzeiten gelten jetzt in { $city }.
}
club-change = Ändern: `/ankle club settings zone:Berlin`
club-home = Stammraum: { $place ->
    [here] dieser Raum
    [other] ein anderer eurer Räume
   *[none] keiner
}
club-reminders = Erinnerungen: { $count ->
    [0] keine
   *[other] { $count }
}
club-reminders-next = Erinnerungen: { $count }, nächste { $time }
club-break = Pause: { $days }
club-no-break = Pause: keine
deputies = Stellvertretung: { $names }
deputies-none = Keine Stellvertretung. Ernennen: `/ankle club deputy @ana`
deputy-named = { $name } darf diesen Verein jetzt einrichten und hört, wenn etwas schiefgeht. Fehlt /ankle-club im Menü, gib es in den Servereinstellungen frei.
deputy-dropped = { $name } ist keine Stellvertretung mehr.
deputy-was-none = { $name } war keine Stellvertretung.
nudge-title = Dein Stups · { $day }
nudge-set = Gespeichert: { $about }
nudge-shown = Dein Stups: { $about }
nudge-rests = Nicht an Tagen, an denen alles getan ist, und nicht, solange du ruhst. Nicht mehr: `/ankle nudge off`
nudge-off = Dein Stups ist aus.
nudge-none = Du hast keinen Stups. `/ankle nudge 19:00` stellt einen, nur für dich.
nudge-stopped = Dein Stups hat aufgehört: Dieser Chat war für mich zu.
home-set = Gespeichert: Erinnerungen, die du ab jetzt setzt, kommen in { $place ->
    [here] diesem Raum
   *[there] jenem Raum
}, außer `in:` nennt einen anderen. Die vorhandenen bleiben, wo sie sind.
break-saved = Gespeichert: Erinnerungen ruhen, keine Serie reißt. Zurücknehmen: `/ankle club break none`
break-off = Zurücknehmen: `/ankle club break none`
break-how = Eine planen: `/ankle club break 2026-08-01..2026-08-21`
break-ended = Keine Pause mehr: Erinnerungen kommen wieder.
break-nothing = Es gibt keine Pause, die man zurücknehmen könnte.
welcome-1 = Hallo, ich bin anklebot. Ich logge Knöcheltests und poste, wenn ihr mögt, am Tag eine stille Dehn-Erinnerung.
welcome-2 = Probier: `/ankle test 9cm`
welcome-others = Noch andere Bots hier? Macht mich zum Admin ohne Rechte, oder wählt `/ankle` im Menü.
welcome-3 = Für Admins: wählt unten eine Zeitzone. Ich tippe auf { $city }.
setup-1 = Das siehst nur du, und nur einmal. Richtest du mich ein?
setup-2 = Zeitzone: wähl unten eine. Ich tippe auf { $city }; andere: `/ankle club settings zone:Berlin`
setup-daily = Tagespost: `/ankle remind set 07:00`
setup-3 = Wer organisiert: wer diesen Server verwalten darf. Was in diesem Raum geht: `/ankle doctor`
doctor-title = Wie es mir in diesem Raum geht
doctor-zone = Die Zone des Vereins ist gesetzt.
doctor-no-zone = Der Verein hat keine Zone, also gehen die Tage nach UTC: `/ankle club settings zone:Berlin`
doctor-write = Ich darf hier schreiben.
doctor-no-write = Ich darf hier nicht schreiben: gebt mir das Recht, Nachrichten zu senden.
doctor-write-unseen = Ich sehe gerade nicht, ob ich hier schreiben darf. Fragt gleich noch einmal.
doctor-topic-closed = Dieses Thema ist geschlossen: öffnet es, oder sagt es in einem anderen.
doctor-admin = Ich bin Admin: jeder Befehl erreicht mich.
doctor-no-admin = Ich bin kein Admin. Andere Bots hier? Macht mich dazu, ohne Rechte.
doctor-needs-no-admin = Ich bin kein Admin und muss keiner sein.
doctor-sees-all = Der Privatmodus ist aus: jeder Befehl erreicht mich. Was mir nicht gilt, lese ich nicht.
doctor-private-mode = Der Privatmodus ist an: ein bloßes /ankle erreicht mich nur, wenn ich als letzter Bot geschrieben habe. Was im Menü gewählt wird, immer.
doctor-private-mode-admin = Der Privatmodus ist an; für einen Admin macht das nichts.
doctor-admin-unseen = Ich sehe gerade nicht, ob mich jeder Befehl erreicht. Fragt gleich noch einmal.
doctor-see = Ich sehe diesen Kanal.
doctor-no-see = Ich sehe diesen Kanal nicht: lasst ihn mich sehen, sonst kann hier nichts gepostet werden.
doctor-send = Ich darf hier Nachrichten senden.
doctor-no-send = Ich darf hier keine Nachrichten senden: Antworten gehen, Posts nicht. Gebt mir das Recht, Nachrichten zu senden.
doctor-threads = Ich darf in Threads schreiben.
doctor-no-threads = Ich darf nicht in Threads schreiben: gebt mir das Recht dazu.
doctor-embeds = Ich darf Links einbetten: so sehen meine Posts richtig aus.
doctor-no-embeds = Ich darf keine Links einbetten, meine Posts wären also leer: gebt mir das Recht dazu.
doctor-files = Ich darf Dateien anhängen.
doctor-no-files = Ich darf keine Dateien anhängen, also kommen Posts ohne Bilder: gebt mir das Recht dazu.
doctor-guest = Ich bin hier zu Gast: jemand hat mich mitgebracht. Was ich sage, sieht nur er. Der Link holt mich ganz herein.
doctor-commands-only = Nur meine Befehle sind hier, ich selbst nicht, also kann nichts gepostet werden. Der Link holt mich herein.
doctor-private = Das ist unser privater Chat: alles erreicht mich.
doctor-invite = Fügt mich einer anderen Gruppe hinzu
open-private = Das kann ich dir nur privat sagen.
private-not-reached = Das konnte ich dir gerade nicht privat schicken. Bitte frag in einer Minute noch einmal.
files-not-sent = { $files } konnte ich dir nicht schicken. Bitte frag später noch einmal danach.
button-check-again = Nochmal prüfen
button-fixed = Ist behoben
button-pause = Pausieren
button-weekly = Wöchentlich
button-as-is = Behalten
button-stop = Anhalten
button-nudge-again = Wieder stupsen
button-open-private = Privaten Chat öffnen

## Ausfuhr und Löschen

export-done = { $count ->
    [0] Du hast noch keine Einträge; hier ist, was ich von dir weiß
    [one] Ein Eintrag, und was ich sonst von dir weiß
   *[other] { $count } Einträge, und was ich sonst von dir weiß
}: alles als JSON, die Tests für Tabellen auch als CSV.
forget-ask = Das löscht alles, was ich von dir weiß: { $count ->
    [0] keine Tests
    [one] einen Test
   *[other] { $count } Tests
}, deine Haken, deine Einstellungen, deinen Namen. Es geht nicht rückgängig. Erst `/ankle export`?
forget-done = Erledigt: alles, was ich von dir wusste, ist gelöscht.
kept = Bleibt, wie es ist.

## Hilfe

help-title = anklebot: Knie-zur-Wand-Tests für Laufgruppen
help-lines = Eine Zeile loggt einen Test: `/ankle test 9cm`, oder `links 9 rechts 10,5`
help-slip = Vertippt? `/ankle undo`. Kein Arzt: ich logge und vergleiche, eine Diagnose gibt es nicht.
help-more = Mehr zu einem: `/ankle help test`
help-topic = { $command }: { $what }
help-example = Beispiel: { $example }
help-test-1 = Je weiter dein Knie bei aufgesetzter Ferse über die Zehen kommt, desto mehr beugt dein Knöchel.
help-test-2 = Barfuß vor eine Wand, Maßband am Boden, null an der Wand. Großer Zeh und Ferse auf dem Band, Hände gern an der Wand.
help-test-3 = Ausfallschritt, bis das Knie die Wand berührt, Knie über dem zweiten Zeh, Ferse unten. Zurückrutschen, bis es gerade noch reicht.
help-test-4 = Miss von der Spitze des großen Zehs zur Wand, drei Versuche je Bein. Nicht wippen, und aufhören, wenn es schmerzt.
help-test-5 = Immer zur gleichen Tageszeit und kalt. Zentimeter werden nach einer Faustregel zu Grad Dorsalextension (Zehen zum Schienbein), 3,6° je cm.

## Worte für Befehle und ihre Angaben

command-root = Knöcheltests: loggen, vergleichen, zurücknehmen
command-root-club = Knöcheltests, für die Vereinsleitung
command-test = Einen Knie-zur-Wand-Test loggen
command-done = Abhaken: eine Übung ist gemacht
command-streak = Wie du dranbleibst, Woche für Woche
command-leaderboard = Die Rangliste des Vereins
command-history = Deine Tests oder Haken, neueste zuerst
command-undo = Den letzten Test oder Haken zurücknehmen
command-edit = Einen Test korrigieren
command-me = Du: Einstellungen und was ich weiß
command-me-show = Was für dich eingestellt ist
command-me-settings = Zone, Einheit, Sprache, Privates einstellen
command-me-pause = Ruhen: einen Tag einfrieren, oder länger
command-me-resume = Nach einer Pause weitermachen
command-me-leave = Die Tafeln dieses Vereins verlassen
command-club = Dein Verein
command-club-show = Was für den Verein eingestellt ist
command-club-settings = Zone und Sprache des Vereins (Organisierende)
command-club-home = Erinnerungen in diesem Raum (Organisierende)
command-club-break = Dem Verein Pause geben (Organisierende)
command-challenge = Die Challenges des Vereins
command-challenge-list = Die Challenges, die laufen
command-challenge-show = Eine Challenge: Balken und Tage
command-challenge-join = Bei einer Challenge mitmachen
command-challenge-leave = Nicht mehr mitmachen
command-challenge-create = Eine Challenge für den Verein starten
command-challenge-cancel = Eine Challenge absagen
command-club-deputy = Wer den Verein sonst einrichten darf
command-nudge = Eine Erinnerung nur für dich: 19:00, off, show
command-remind = Die Erinnerungen dieses Raums
command-remind-set = Eine tägliche Erinnerung hier setzen
command-remind-list = Die Erinnerungen hier, und wann sie kommen
command-remind-preview = Eine Erinnerung vor dem Raum sehen
command-remind-test = Eine Erinnerung jetzt einmal posten, als Test
command-remind-pause = Eine Erinnerung ruhen lassen
command-remind-resume = Eine Erinnerung weitermachen lassen
command-remind-remove = Eine Erinnerung entfernen
command-doctor = Was in diesem Raum geht, und was zu ändern ist
command-export = Alle deine Daten als JSON und CSV
command-forget = Alle deine Daten löschen
command-help = Was ich kann

option-test-distance = 9cm, 3,5in, oder links 9 rechts 10,5
option-test-side = Welches Bein
option-test-state = Kalt (wenn nichts gesagt) oder warm
option-test-on = Der Tag: gestern, mo, 2026-11-24
option-done-exercise = calf-raise, calf-stretch, both …
option-done-sets = Wie viele Sätze
option-done-on = Der Tag: gestern, bis zwei Tage zurück
option-done-post = Der Beitrag, zu dem es gehört
option-leaderboard-of = Was zählt: Haken, außer du wählst
option-leaderboard-time = Die Woche, außer du wählst
option-leaderboard-show = Was die Knöpfe wissen wollen
option-challenge-show-challenge = Nummer oder Name
option-challenge-show-show = Was die Knöpfe wissen wollen
option-challenge-join-challenge = Nummer oder Name
option-challenge-leave-challenge = Nummer oder Name
option-challenge-cancel-challenge = Nummer oder Name
option-challenge-name-challenge = Ihre Nummer
option-challenge-name-named = Ob das Ergebnis dich nennen darf
option-challenge-create-title = 30 Tage Wadenheben
option-challenge-create-exercise = Was zählt; alles, außer du wählst
option-challenge-create-from = Erster Tag: mo, 2026-12-01; sonst heute
option-challenge-create-for = Wie lange: 30d, 4w; sonst 30 Tage
option-challenge-create-goal = Tage aller zusammen: 450
option-remind-set-time = 07:00, 7pm, oder cron: "0 7 * * 1-5"
option-remind-set-days = mo-fr, "di,do", daily
option-remind-set-exercise = Dehnen und Heben, außer du wählst
option-remind-set-zone = Eine Stadt; sonst die des Vereins
option-remind-set-board = Die Rangliste darunter
option-remind-set-keep = Nur der letzte bleibt, außer du sagst all
option-remind-set-in = Ein anderer Kanal von euch
option-club-home-in = Ein anderer Kanal von euch
option-remind-preview-reminder = Ihre Nummer
option-remind-test-reminder = Ihre Nummer
option-remind-pause-reminder = Ihre Nummer
option-remind-pause-until = Der letzte Tag: fr, 2w, 2026-12-10
option-remind-resume-reminder = Ihre Nummer
option-remind-remove-reminder = Ihre Nummer
option-history-of = Tests, außer du sagst check-ins
option-history-before = Nur Tests vor diesem Tag
option-undo-entry = Die Nummer eines Tests oder Hakens
option-edit-entry = Die Nummer eines Tests
option-edit-change = 9,5cm, links, warm …
option-edit-on = Der Tag, der es war: gestern, mo
option-me-settings-zone = Eine Stadt: Berlin, New York
option-me-settings-unit = Worin bloße Zahlen sind
option-me-settings-language = Die Sprache privater Antworten
option-me-settings-day-start = Wann dein Tag beginnt: 03:00
option-me-settings-age = Für Hinweise, die zum Alter gehören
option-me-settings-privacy = Ob Ranglisten deinen Vornamen zeigen
option-me-settings-streak = Wochen mit vier Tagen, oder jeder Tag
option-me-pause-until = Der letzte Tag: fr, 2w, 2026-12-10
option-me-pause-on = Ein Tag zum Einfrieren: heute, gestern
option-club-settings-zone = Eine Stadt: Berlin, New York
option-club-settings-language = Die Sprache der Vereinsräume
option-club-break-days = 2026-08-01..2026-08-21, oder none
option-club-deputy-who = @ana, oder remove @ana
option-nudge-time = 19:00, off oder show
option-nudge-days = mo-fr, "di,do", täglich
option-nudge-exercise = Dehnen und Heben, wenn du nichts wählst
option-export-format = Beides, außer du wählst
option-forget-confirm = Löscht ohne Rückfrage
option-help-topic = Ein Befehl

## Fragen

ask-distance = Wie weit ist dein großer Zeh von der Wand? Antworte mit `9cm`, oder `links 9 rechts 10,5`.
ask-exercise = Welche Übung? Antworte mit `calf-raise`, `calf-stretch`, `both`, `ankle-circles`, `bound` oder `foam-roll`.
ask-time = Um wie viel Uhr? Antworte mit `07:00`, oder `19:00 days:mo-fr`.
ask-entry = Welcher Test? Antworte mit seiner Nummer aus `/ankle history`.
ask-change = Was soll da stehen? Antworte mit `9,5cm`, `links` oder `warm`.
ask-pair = Zwei Zahlen: links und rechts, oder zwei Versuche eines Beins? Noch ist nichts gespeichert.

## Was nicht ging

cannot-read = „{ $typed }“ konnte ich nicht lesen. Probier `/ankle test 9cm`, oder `links 9 rechts 10,5`. Nichts gespeichert.
cannot-read-number = Da war keine Zahl. Probier `/ankle test 9cm`, oder `links 9 rechts 10,5`. Nichts gespeichert.
cannot-tell-leg = Welche Zahl zu welchem Bein gehört, war nicht klar. Probier `/ankle test links 9 rechts 10,5`. Nichts gespeichert.
too-many-tries = Ich mittle bis zu drei Versuche je Bein. Probier `/ankle test links 9 9,4 9,2 rechts 10`. Nichts gespeichert.
impossible-negative = Unter null geht nicht. Kommt das Knie mit den Zehen an der Wand nicht hin, logge 0: `/ankle test 0cm`. Nichts gespeichert.
impossible-far = { $typed } ist weiter, als ein Knöchel kann (25 cm, 9,8 Zoll).{ $meant ->
    [some] {" "}Meintest du { $instead }?
   *[none] {" "}Probier `/ankle test 9cm`.
} Nichts gespeichert.
day-unreadable = Den Tag „{ $typed }“ konnte ich nicht lesen. Probier `on:gestern`, `on:mo` oder `on:2026-11-24`. Nichts gespeichert.
day-future = Der Tag kommt erst noch. Probier `on:heute` oder `on:gestern`. Nichts gespeichert.
day-too-old = Tests gehen bis zu { $days } Tage zurück. Probier `on:gestern`. Nichts gespeichert.
check-in-future = Der Tag kommt erst noch. Probier `on:heute` oder `on:gestern`. Nichts gespeichert.
check-in-too-old = Das geht bis zu zwei Tage zurück. Probier `on:gestern`. Nichts gespeichert.
ahead-past = Der Tag ist vorbei. Probier `until:fr`, `until:2w` oder `until:2026-12-10`. Nichts geändert.
ahead-too-far = Das ist über ein Jahr hin. Probier `until:2w`. Nichts geändert.
break-unreadable = Die Tage „{ $typed }“ konnte ich nicht lesen. Probier `/ankle club break 2026-08-01..2026-08-21`, oder `none`. Nichts geändert.
break-past = Eine Pause beginnt heute oder später. Probier `/ankle club break today..2w`. Nichts geändert.
break-too-far = Das ist mehr als ein Jahr voraus. Probier `/ankle club break today..2w`. Nichts geändert.
break-backwards = Das endet, bevor es anfängt. Probier `/ankle club break 2026-08-01..2026-08-21`. Nichts geändert.
title-empty = Eine Challenge braucht einen Namen mit Buchstaben oder Ziffern, etwa „30 Tage Wadenheben“. Nichts geändert.
title-too-long = Der Name ist zu lang. 40 Zeichen reichen, etwa „30 Tage Wadenheben“. Nichts geändert.
title-not-plain = Ein Name ist schlichte Wörter, ohne Links, Erwähnungen oder Zeichen, etwa „30 Tage Wadenheben“. Nichts geändert.
challenge-exercise = Die Übung „{ $typed }“ kenne ich nicht. Probier `exercise:calf-raise` oder `exercise:both`. Nichts geändert.
challenge-day-unreadable = Den Tag „{ $typed }“ konnte ich nicht lesen. Probier `from:heute`, `from:mo` oder `from:2026-12-01`. Nichts geändert.
challenge-past = Eine Challenge beginnt heute oder später. Probier `from:heute` oder `from:mo`. Nichts geändert.
challenge-too-far = Eine Challenge beginnt innerhalb eines Jahres. Probier `from:heute` oder `from:mo`. Nichts geändert.
challenge-length-unreadable = Eine Challenge dauert einen Tag bis 366, nicht „{ $typed }“. Probier `for:30d` oder `for:4w`. Nichts geändert.
challenge-goal-unreadable = Ein Ziel ist eine Zahl gemeinsamer Tage, ab 1, nicht „{ $typed }“. Probier `goal:450`. Nichts geändert.
challenge-no-goal = Eine Challenge braucht ein Ziel, in Tagen aller zusammen. Probier `goal:450`. Nichts geändert.
challenge-twice = Eine Challenge „{ $typed }“ läuft schon. Probier einen anderen Namen, oder `/ankle challenge list`. Nichts geändert.
enough-challenges = Drei Challenges zugleich reichen. `/ankle challenge cancel` sagt eine ab. Nichts geändert.
no-challenge = So eine Challenge finde ich hier nicht. `/ankle challenge list` zeigt sie, und wie man eine startet. Nichts geändert.
which-challenge = Es laufen mehrere: nenn eine mit ihrer Nummer, etwa `challenge:{ $id }`. `/ankle challenge list` zeigt sie. Nichts geändert.
challenge-over = Die Challenge ist vorbei, ihr Ergebnis bleibt: `/ankle challenge show { $id }`. Nichts geändert.
enough-breaks = Fünf Pausen reichen. `/ankle club break none` nimmt sie zurück. Nichts geändert.
exercise-unknown = Die Übung „{ $typed }“ kenne ich nicht. Probier `/ankle done calf-raise` oder `/ankle done both`. Nichts gespeichert.
sets-unreadable = „{ $typed }“ sind keine Sätze: 1 bis 20. Probier `/ankle done calf-raise sets:3`. Nichts gespeichert.
post-over = Der Tag dieses Beitrags ist vorbei. Für heute: `/ankle done { $exercises }`. Nichts gespeichert.
pause-twice = Entweder ein Ruhetag (`on:gestern`) oder eine Pause (`until:fr`). Nichts geändert.
time-unreadable = Die Zeit „{ $typed }“ konnte ich nicht lesen. Probier `/ankle remind set 07:00 days:mo-fr`. Nichts geändert.
days-unreadable = Die Tage „{ $typed }“ konnte ich nicht lesen. Probier `days:mo-fr`, `days:di,do` oder `days:daily`. Nichts geändert.
cron-unreadable = „{ $typed }“ konnte ich nicht lesen. Fünf Felder gehen, etwa `/ankle remind set "0 7 * * 1-5"`. Nichts geändert.
cron-never = „{ $typed }“ kommt nie. Probier `/ankle remind set 07:00 days:mo-fr`. Nichts geändert.
cron-too-often = „{ $typed }“ kommt zu oft: höchstens viermal am Tag, im Abstand einer Stunde. Probier `"0 7,19 * * *"`. Nichts geändert.
days-twice = Eine Cron-Zeile hat ihre Tage schon. Lass `days:` weg, oder probier `/ankle remind set 07:00 days:mo-fr`. Nichts geändert.
which-zone = Wo ist das? Probier `/ankle remind set 07:00 zone:Berlin`, oder setz die des Vereins: `/ankle club settings zone:Berlin`. Nichts geändert.
room-unknown = Einen Raum „{ $typed }“ für Posts finde ich hier nicht. Sag es in dem Raum, den du meinst, ohne `in:`. Nichts geändert.
enough-reminders = Fünf Erinnerungen reichen für einen Raum. `/ankle remind list` zeigt sie; entferne erst eine. Nichts geändert.
cannot-post = Dort kann ich nichts posten: { $why ->
    [see] Ich sehe diesen Kanal nicht.
    [write] Ich darf dort nicht schreiben.
    [embed] Ich darf keine Links einbetten, meine Posts wären leer.
    [topic] Das Thema ist geschlossen.
    [absent] Nur meine Befehle sind hier, ich selbst nicht. Bei `/ankle doctor` steht der Link, der mich hereinholt.
    [gone] Den Raum gibt es nicht mehr, oder ich bin nicht darin.
    [blocked] Unser privater Chat ist für mich zu.
   *[unknown] Die Plattform sagt nicht, ob ich darf.
} Nichts wurde gespeichert.
who-unknown = „{ $typed }“ kenne ich in diesem Verein nicht. Wer gemeint ist, sagt hier einmal `/ankle streak`, dann: `/ankle club deputy @ana`. Nichts wurde geändert.
deputy-names = Stellvertretungen ernennen nur Organisierende selbst. Nichts wurde geändert.
enough-deputies = Zehn Stellvertretungen reichen. `/ankle club deputy remove @ana` schafft Platz. Nichts wurde geändert.
nudge-unreadable = „{ $typed }“ konnte ich nicht lesen. Versuch `/ankle nudge 19:00 days:mo-fr`, `/ankle nudge show` oder `/ankle nudge off`. Nichts wurde geändert.
nudge-zone = Wo lebst du? `/ankle me settings zone:Berlin`, dann `/ankle nudge 19:00`. Nichts wurde geändert.
nudge-private = Ein Stups kommt in unserem privaten Chat, und der ist nicht offen. Schreib mir dort: `/ankle nudge 19:00`. Nichts wurde geändert.
no-reminder = So eine Erinnerung gibt es hier nicht. `/ankle remind list` zeigt sie. Nichts geändert.
which-reminder = Welche? `/ankle remind list` zeigt die Nummern: `/ankle remind pause reminder:3`. Nichts geändert.
side-unreadable = Die Seite „{ $typed }“ kenne ich nicht. Probier `side:links`, `side:rechts` oder `side:beide`. Nichts gespeichert.
side-twice = Die Zeile nennt ein Bein und `side:` ein anderes. Probier `/ankle test 9cm links`. Nichts gespeichert.
state-unreadable = Ein Test ist `state:cold` oder `state:warm`, nicht „{ $typed }“. Nichts gespeichert.
change-unreadable = „{ $typed }“ konnte ich nicht lesen. Probier `/ankle edit 812 9,5cm`, `links` oder `warm`. Nichts geändert.
edit-one-number = Eine Zahl für einen Test, bitte: `/ankle edit 812 9,5cm`. Nichts geändert.
edit-test-kept = So kann ich das nicht übernehmen: dein Test bleibt, wie er war. Probier `/ankle test 9cm`.
edit-check-in-kept = So kann ich das nicht übernehmen: dein Check-in bleibt, wie er war. Probier `/ankle done calf-raise`.
entry-unreadable = „{ $typed }“ ist keine Nummer eines Tests. `/ankle history` zeigt sie. Nichts geändert.
entry-unknown = Einen Test #{ $id } hast du nicht. `/ankle history` zeigt deine. Nichts geändert.
entry-undone = Test #{ $id } ist zurückgenommen. Nichts geändert.
zone-unknown = Den Ort „{ $typed }“ kenne ich nicht. { $meant ->
    [none] Probier eine große Stadt in der Nähe: `zone:Berlin`.
   *[some] Meintest du { $zones }?
} Nichts geändert.
language-unknown = „{ $typed }“ spreche ich noch nicht. Probier `language:en` oder `language:de`. Nichts geändert.
day-start-unreadable = Ein Tag beginnt vor Mittag: probier `day-start:03:00`. Nichts geändert.
choice-unknown = „{ $typed }“ gehört nicht zu { $choices }. Probier { $example }. Nichts geändert.
option-twice = `{ $option }:` stand zweimal da. Einmal reicht: `/ankle test 9cm on:gestern`. Nichts gespeichert.
command-unknown = „{ $typed }“ kenne ich nicht. { $meant ->
    [none] Probier `/ankle help`.
   *[some] Meintest du { $command }?
}
command-too-much = Mit „{ $typed }“ weiß ich dort nichts anzufangen. Probier { $command }.
line-too-long = Das ist länger, als ich lesen kann. Probier `/ankle test 9cm`. Nichts gespeichert.
press-foreign = Das ist nicht dein Knopf. Logge deinen: `/ankle test 9cm`
command-old = Dieser Befehl hat sich geändert. Tipp noch einmal /ankle; es kann eine Minute dauern. Nichts wurde gespeichert.
press-old = Der Knopf ist zu alt. Tipp es stattdessen: `/ankle help`
anonymous-cannot-log = Hier sehe ich nicht, wer du bist, also logge ich nichts. Schreib als du selbst: `/ankle test 9cm`
say-whole = Da fehlt noch etwas. Sag es in einer Zeile: { $command }
edit-stays = Was du zuerst gesagt hast, ist getan, und eine Bearbeitung ändert es nicht. Schick die neue Zeile als eigene Nachricht. Was eingestellt ist: `/ankle club`
not-saved = Nicht gespeichert: meine Datenbank ist nicht erreichbar. Bitte gleich noch einmal.
went-wrong = Nicht gespeichert: bei mir ging etwas schief, und mein Betreiber erfährt es. Bitte noch einmal.
organisers-only = Das können nur Organisierende ändern. Deines: `/ankle me settings`
organiser-unknown = Ich sehe gerade nicht, ob du hier organisierst, also bleibt alles, wie es ist. Bitte in einer Minute noch einmal.
club-only = Das ist für einen Verein: sag es in einem eurer Räume.
