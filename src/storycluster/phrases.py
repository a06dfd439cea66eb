"""Which words give a line away as page furniture?

Lower-case, with quotes and dashes folded. English first, then the commonest phrases
of es, fr, de, pt, it, ru, ja. WHOLE: the line is this and nothing else. STARTS: a line of at
most 40 words begins so. CONTAINS: a line of at most 60 words, or one sentence of at most 40, has it
anywhere; so only phrases that no reporter writes belong there. SENTENCES: forms of one sentence.
"""

from __future__ import annotations

import re


def _by_phrase(groups: dict[str, str]) -> dict[str, str]:
    return {
        phrase.strip(): rule
        for rule, phrases in groups.items()
        for phrase in phrases.replace("\n", "|").split("|")
        if phrase.strip()
    }


WHOLE = _by_phrase(
    {
        "advertisement": """
            advertisement|advertisements|advertising|ad|ads by google|sponsored|promoted
            sponsored content|paid content|story continues below advertisement
            article continues below|advertisement - continue reading below|continue reading below
            story continues below|continue reading the main story|continue reading
            scroll to continue|scroll down to continue|story continues
            article continues after advertisement|article continues below advertisement
            skip advertisement|publicidad|publicité|anzeige|werbung|publicidade|pubblicità|реклама
            広告|advertisement - story continues below|close ad|skip ad|loading|loading...
            loading ...|advertisement - article continues below|more from our partners
            you may like|around the web
        """,
        "comment": """
            comments|comment|0 comments|no comments|show comments|view comments|hide comments
            post a comment|leave a comment|leave a reply|add a comment|add comment|write a comment
            send your comments|your comment as a visitor|join the conversation|join the discussion
            join our commenting forum|have your say|see all comments|load comments|your comment
            view all comments|cancel reply|comments are closed|comentarios|commentaires|kommentare
            comentários|commenti|комментарии|コメント|start the conversation|be the first to comment
        """,
        "share": """
            share|share this|share this article|share this story|share on facebook|tweet|pin it
            share on twitter|share on whatsapp|share via email|email this|email|e-mail|print
            print this|facebook|twitter|instagram|whatsapp|pinterest|linkedin|copy link
            copy this link|link copied|follow us|follow us on twitter|share page|about sharing
            save|bookmark|save article|share icon|share this with
            these are external links and will open in a new window|x|reddit|telegram|flipboard
            close share panel|compartir|partager|teilen|compartilhar
            condividi|поделиться|シェア|ツイート
        """,
        "related": """
            related|related stories|related articles|related topics|related news|related content
            related coverage|related links|related internet links|more on this story|more from
            read more|read next|up next|also read|see also|see full web article|more-in
            more stories|more news|top stories|most read|most popular|most viewed|most shared
            trending|trending now|recommended|recommended stories|latest headlines|latest news
            latest stories|editors' picks|editor's picks|don't miss|you might also like
            you may also like|what to read next|keep reading|in this article|topics|tags|tagged
            in pictures|más información|noticias relacionadas|lire aussi|à lire aussi
            mehr zum thema|leia também|leia mais|leggi anche|lesen sie auch|читайте также|по теме
            関連記事|関連ニュース|watch|watch live|watch more|must watch|must read
            more on this|popular|scroll down for video|scroll down for videos|pullquote
            popular in the community|recommended videos
        """,
        "navigation": """
            home|menu|search|back to top|top|skip to content|skip to main content|next|previous
            sections|news|world|politics|sport|sports|business|opinion|video|videos|photos|gallery
            live|share full article|listen|listen to this article|toggle caption
            enlarge this image|hide caption|caption|close|expand|view gallery|view all|show more
            see more|more|load more|click to expand|sign in|log in|login|my account|subscribe
            register|contact us|about us|privacy policy|sitemap|terms of use|terms of service
            terms and conditions|terms & conditions|privacy|cookie policy|inicio|accueil
            startseite|главная|ホーム|media playback is unsupported on your device|play video
            media playback is not supported on this device|image copyright|transcript|now playing
            0:00|photo|slideshow|replay|more videos ...|more videos|must watch ...
            chat with us in facebook messenger|(cnn)
            find out what's happening in the world as it unfolds.|print edition|edition
            view photos
        """,
        "newsletter": """
            newsletter|newsletters|sign up|join the mailing list|get our newsletter|subscribe now
            subscribe today|email address|enter your email|enter your email address
            your email address|join now|boletín|abonnez-vous|newsletter abonnieren|подписаться
            メールマガジン|success! thank you for subscribing|thank you for subscribing
        """,
        "registration": """
            thank you for registering|create an account|create a free account|register now
            please log in|already have an account?|already a subscriber?|forgot password?
            log in to comment
        """,
    }
)

STARTS = _by_phrase(
    {
        "related": """
            read more:|read more about|read more at|read more on|read more from|read next:
            related:|related story:|related article:|related stories:|related -|see also:
            also read:|also read|must read:|more:|more from|watch:|watch|>> read|read:|read also:
            more on this:|in pictures:|in pics:|video:|gallery:|explainer:|don't miss:
            recommended:|trending:|click here|what you need to know:|lee también|lea también
            lea más|más sobre|vea también|lire aussi|à lire :|a lire :|lire :|voir aussi
            lesen sie auch|mehr zum thema|siehe auch|leia também|leia mais|veja também|leggi anche
            читайте также|смотрите также|関連記事|関連:|link to original|view original article
            read the original|read the full|originally published at|listen:|related coverage
            (for graphic|(for a graphic|graphic:
        """,
        "newsletter": """
            sign up for|sign up to|sign up here|subscribe today:|subscribe now:|subscribe to our
            subscribe to the|subscribe for
            get the latest news delivered|get breaking news|get our|join our mailing
            download our app|download the|suscríbete|suscríbase|inscrivez-vous|abonnieren sie
            inscreva-se|iscriviti|подпишитесь
        """,
        "share": """
            follow us on|follow @|like us on facebook|share this|find us on facebook|follow bbc
            follow him on twitter|follow her on twitter|follow me on twitter|you can follow
            join us on facebook|síguenos|suivez-nous|folgen sie uns|siga-nos|seguici|tweet this
        """,
        "comment": """
            join the conversation|join thought-provoking conversations|leave a comment
            comments are|log in to comment|sign in to comment|to comment on this story
            post your comment|what do you think?|we welcome your comments|have something to say
            have something to add to this|share it in the comments|let us know in the comments
            tell us in the comments|sound off in the comments
        """,
        "cookie": """
            we use cookies|this site uses cookies|this website uses cookies|by continuing to use
            by using this site|accept all cookies|utilizamos cookies|nous utilisons des cookies
            wir verwenden cookies|diese website verwendet cookies|usamos cookies
            utilizziamo i cookie|мы используем файлы cookie
        """,
        "notification": """
            stay up to date with notifications|get notifications|turn on notifications
        """,
        "copyright": """
            copyright ©|copyright (c)|copyright 20|copyright 19|copyright notice|copyright:|©
            (c) 19|(c) 20|all rights reserved|todos los derechos|tous droits réservés
            alle rechte vorbehalten|todos os direitos|tutti i diritti|все права
        """,
        "caption": """
            image copyright|image caption|image source|image:|photo:|photos:|photograph:|photo by
            photograph by|photos by|picture:|pictures:|file photo|file -|file-|(file photo
            photo credit|media caption|video caption|image credit|foto:|fotos:|crédito:|bildquelle
            фото:|写真:|hide caption|photo courtesy|image courtesy|playback of this video
            enlarge this image|pic:|photographer:|file photo:
        """,
        "disclaimer": """
            disclaimer|this is not a unhcr publication|the views expressed in this
            the opinions expressed in this|views expressed in this article
            this article was produced by|this material may not be published
        """,
        "updated": """
            last updated|last modified|last update:|updated:|updated at|updated on|first published
            última actualización|actualizado|mis à jour|mise à jour|zuletzt aktualisiert
            aktualisiert:|atualizado em|aggiornato|обновлено|最終更新
        """,
        "citation": """
            cite as|cite this|how to cite|to cite this
        """,
        "advertisement": """
            advertisement|sponsored by|sponsored:|paid post|promoted by|ad:
        """,
        "navigation": """
            you are here|skip to|javascript is|please enable javascript|tap here|swipe
        """,
    }
)

CONTAINS = _by_phrase(
    {
        "cookie": """
            accept cookies|cookie settings|our use of cookies|cookie preferences|cookie policy
        """,
        "notification": """
            notifications can be managed in|managed in browser preferences|notifications from the
            enable notifications|breaking news alerts to your
        """,
        "newsletter": """
            sign up for our|sign up to our|subscribe to our|our free newsletter
            our daily newsletter|newsletter sign-up|straight to your inbox|delivered to your inbox
            to your inbox|our weekly newsletter|our email newsletter|join our mailing list
            our newsletter|our newsletters|free newsletter|morning newsletter|evening newsletter
            daily newsletter|weekly newsletter
        """,
        "donation": """
            your support helps us|your support makes all the difference|your donation allows
            your donation helps|your contribution will|support our journalism
            support independent journalism|make a contribution|quality journalism should be
            become a member today|paid for by those who can afford it|donate today
            please consider donating
        """,
        "registration": """
            automatically logged in|please refresh the page|refresh your browser
            thank you for registering|create your free account|by registering you agree
            please log in to|to continue reading,|you have reached your limit of
            free stories this month
            free articles this month|free articles left|free stories left|log in or subscribe
        """,
        "comment": """
            see their replies|comments are moderated|comments are subject to
            comments section below|comments posted|commenting guidelines|your comment will be
            in the comments below
        """,
        "share": """
            follow us on twitter|follow us on facebook|like us on facebook|click to share
            share this article|follow him on twitter|follow her on twitter|follow me on twitter
            follow us on instagram|contact us by email|email this article|share this story
        """,
        "copyright": """
            all rights reserved|material may not be published|may not be reproduced
            may not be rewritten|is available without charge to any eligible news publisher
            for licensing opportunities of our original content
            may not be published, broadcast
            not be republished without|todos los derechos reservados|tous droits réservés
            alle rechte vorbehalten|todos os direitos reservados|все права защищены|無断転載
            copyright (c)|maintained and developed by|terms of use and privacy
        """,
        "related": """
            click here to read|click here for more|read the full story at|click here to see
            click here to watch|read full article|read the full article|tmsnrt.rs
            please also check out our
        """,
        "caption": """
            (file photo|photo courtesy of|image courtesy of|(ap photo|/getty images)
            (getty images)|(photo by|(photo:|via getty images)|/afp/getty|(reuters photo
            photo credit:|hide caption|(image:|(image credit|(photograph:|(photos:|(picture:
            (photo courtesy|toggle caption|media playback is unsupported on your device
            media playback is not supported on this device
        """,
        "credit": """
            (reporting by|(additional reporting by|(writing by|(editing by|(compiled by
        """,
        "disclaimer": """
            solely those of the author|do not necessarily reflect|does not necessarily reflect
            not necessarily the views|not necessarily those of
        """,
        "advertisement": """
            security-cleared career network|use promo code|ad feedback
            ticker security last change
        """,
    }
)

LABELS = frozenset(
    """
    breaking|breaking news|just in|live|live blog|live updates|live news|updates|update|watch|video
    report|reports|fact check|poll|quiz|obituary|watch live|opinion|comment|analysis|exclusive
    explainer|in pictures|photos|gallery|podcast|interview|review|editorial|factbox|timeline
    corrected|refile|wrapup|urgent|flash|developing
    as it happened|morning briefing|evening briefing|daily briefing|newsletter
    última hora|en vivo|en directo|opinión|vídeo|análisis|direct|en direct|dernière minute|vidéo
    eilmeldung|liveblog|liveticker|kommentar|meinung|urgente|ao vivo|opinião|análise
    ultim'ora|diretta|opinione|срочно|видео|онлайн|мнение|速報|動画|社説
    """.strip()
    .replace("\n", "|")
    .replace("    ", "")
    .split("|")
)
"""What stands before a headline, as in "Breaking: ", and says nothing of what it is about."""

LABEL_ENDS = (" latest", " live", " live updates", " updates", " news", " briefing", " liveticker")
"""How labels end that name a running topic, as in "Olympics Latest: "."""

ROUNDUPS = tuple(
    """
    briefing|newsletter|live updates|live blog|liveblog|liveticker|as it happened|things to know
    what to know|what you need to know|week in review|the week that was|the week in|round-up|roundup
    news in brief|morning report|morning edition|evening edition|highlights|digest|at a glance
    top stories|the day in|wrap:|claves del día|resumen de la semana|resumen del día
    las noticias del día|lo que debes saber|en vivo|l'essentiel|ce qu'il faut savoir
    ce qu'il faut retenir|revue de presse|la semaine en|en direct|das wichtigste|nachrichten am
    der tag im überblick|die woche im|was wichtig wird|resumo do dia|resumo da semana
    o que precisa de saber|o que você precisa saber|il punto|le notizie del giorno
    rassegna stampa|главное за|дайджест|итоги дня|итоги недели|онлайн|今日のニュース|まとめ
    """.strip()
    .replace("\n", "|")
    .replace("    ", "")
    .split("|")
)
"""What headlines of articles about many things hold; the text decides whether it is one."""

_PAPERS = r"(?:The )?(?:Associated Press|Washington Post|New York Times)"
_WHOLE_DATE = (
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, [A-Z][a-z]{2,8}\.? \d{1,2}, \d{4}"
    r"(?:, (?:in|at|near|outside) [^.]{2,60})?"
)
# A sentence, alone in a line or within a paragraph, that no reporter writes as part of the text.
# Each was read wherever it occurs in four development sets: of some 470 sentences two are prose.
SENTENCES = tuple(
    (rule, re.compile(form))
    for rule, form in (
        ("share", r"[—–-]{1,2} ?[^()]{1,60} \(@\w{1,20}\)[^.!?]{0,40}\d{4}\.?"),
        ("related", r"\((?:RELATED|Related|READ MORE|Read more|WATCH|SEE ALSO): .{5,160}\)"),
        (
            "related",
            r"\(?[^.!?]{0,120}\b(?:explainer|read more|full (?:story|report|transcript|text))\b"
            r"[^.!?]{0,120} here\.?\)?\.?",
        ),
        ("credit", rf"[\[(](?:[^\[\]()]{{0,60}}/ ?{_PAPERS}|Photo/(?:Agencies|Xinhua))[\])]\.?"),
        ("caption", r".*\b[Ii]n this (?:undated|file)(?: \w+)? (?:photo|image|picture)\b.*"),
        (  # "waves to the crowd, Monday, Jan. 1, 2018.", never "died on Monday, Jan. 1, 2018."
            "caption",
            r"(?!.*\b(?:was|were|had|died|said|told|will)\b)"
            rf"(?!.*\b(?:on|by|until|since|before|after|of) {_WHOLE_DATE}).* {_WHOLE_DATE}\.?",
        ),
    )
)
