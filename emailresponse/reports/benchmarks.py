"""Published figures to show beside a team's own: always with population, statistic and year.

Most of them are means of answered mail; a Kaplan-Meier median is never to be compared with one.
"""

from __future__ import annotations

from emailresponse.reports.figures import Benchmark

_HBR = 'Oldroyd, McElheran, Elkington, "The Short Life of Online Sales Leads", Harvard Business Review'

PUBLISHED = (
    Benchmark(
        "37 % answered within 1 h, 23 % never; mean 42 h of those who answered within 30 days",
        "shares of all companies; mean of those who answered within 30 days",
        "2,241 US companies, one test lead each",
        "2011",
        _HBR,
    ),
    Benchmark(
        "within 1 h: nearly 7 times as likely to qualify the lead as an hour later",
        "ratio of odds to qualify",
        "1.25 million leads of 29 B2C and 13 B2B firms",
        "2011",
        _HBR,
    ),
    Benchmark(
        "within 5 min against 30 min: 21 times the odds to qualify",
        "ratio of odds to qualify, phone attempts",
        "6 companies, 15,000 leads",
        "2007",
        "InsideSales, Oldroyd: Lead Response Management Study",
    ),
    Benchmark(
        "half of all replies within 47 min, most often after 2 min, about 90 % within a day",
        "median and mode of answered mail only",
        "2 million Yahoo Mail users",
        "2015",
        "Kooti et al., WWW 2015, arXiv 1504.00704",
    ),
    Benchmark(
        "62 % of companies never answer; mean 12 h of those who do",
        "share of all companies; mean of those who answered",
        "1,000 companies, one e-mail each",
        "about 2018",
        "SuperOffice customer-service benchmark",
    ),
    Benchmark(
        "mean 3 h 57 min in work hours, 11 h 28 min overall",
        "mean of answered mail only",
        "customers of EmailAnalytics",
        "2026",
        "EmailAnalytics",
    ),
    Benchmark(
        "41 % of customers expect an answer within 6 h; many brands aim at 10 min",
        "share of customers asked",
        "customers surveyed",
        "2021",
        "the lead-response guide this product follows",
    ),
    Benchmark(
        "35 to 50 % of sales go to the vendor that answers first",
        "share of sales, as quoted",
        "not stated",
        "2021",
        "the lead-response guide this product follows",
    ),
)
"""Section 11 of the methodology, as data."""
