"""What cells of a random SSDA903 return may hold: the codes of the collection's guide, and what is none."""

from __future__ import annotations


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


TABLES = {
    "header": words("CHILD SEX DOB ETHNIC UPN MOTHER MC_DOB"),
    "episodes": words("CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN"),
    "reviews": words("CHILD DOB REVIEW REVIEW_CODE"),
    "uasc": words("CHILD SEX DOB DUC"),
    "oc2": words(
        "CHILD DOB SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK HEALTH_ASSESSMENT "
        "SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED"
    ),
    "oc3": words("CHILD DOB IN_TOUCH ACTIV ACCOM"),
    "ad1": words("CHILD DOB DATE_INT DATE_MATCH FOSTER_CARE NB_ADOPTR SEX_ADOPTR LS_ADOPTR"),
    "placed_for_adoption": words("CHILD DOB DATE_PLACED DATE_PLACED_CEASED REASON_PLACED_CEASED"),
    "previous_permanence": words("CHILD DOB PREV_PERM LA_PERM DATE_PERM"),
    "missing": words("CHILD DOB MISSING MIS_START MIS_END"),
    "sw_episodes": words("CHILD DOB SW_ID SW_DECOM SW_DEC SW_REASON"),
    "dolo": words("CHILD DOB DOLO_START DOLO_END"),
}
"""File → its columns, in the order of the return."""

DAYS = frozenset(
    words(
        "DOB MC_DOB DECOM DEC REVIEW DUC DATE_INT DATE_MATCH DATE_PLACED DATE_PLACED_CEASED DATE_PERM MIS_START "
        "MIS_END SW_DECOM SW_DEC DOLO_START DOLO_END"
    )
)
"""The columns that hold a day."""

_YES_NO = ["0", "1", "0", "1", ""]
CODES = {
    "SEX": ["M", "F", "M", "F", "M", "F", "U"],
    "ETHNIC": ["WBRI", "WOTH", "BAFR", "REFU", "NOBT"],
    "UPN": ["UN1", "UN2", "UN3", "UN4", "UN5", "A123456789012", "A12345678901B", "I123456789012"],
    "MOTHER": ["0", "1", "1.0", "2"],
    "RNE": ["S", "P", "L", "T", "U", "B"],
    "LS": ["C1", "C2", "D1", "E1", "V2", "V2", "V3", "V4", "J1", "J2", "J3", "L1", "L2", "L3"],
    "CIN": [f"N{number}" for number in range(1, 9)],
    "PLACE": words("A3 A4 A5 A6 K1 K2 K3 P1 P2 P3 R1 R2 R3 R5 S1 T0 T1 T2 T3 T4 U1 U1 U2 U3 U4 U5 U6 Z11 Z12 Z13 Z14"),
    "PLACE_PROVIDER": ["PR0", "PR1", "PR2", "PR3", "PR4", "PR5"],
    "REC": words("X1 E11 E12 E11 E12 E2 E3 E4A E4B E13 E41 E45 E46 E47 E48 E5 E6 E7 E8 E9 E14 E15 E16 E17"),
    "REASON_PLACE_CHANGE": words("CARPL CLOSE ALLEG STAND APPRR CREQB CREQO CHILD LAREQ PLACE CUSTOD OTHER"),
    "URN": ["", "SC000001", *(str(1000001 + number) for number in range(25)), "XXXXXXX"],
    "REVIEW_CODE": [f"PN{number}" for number in range(8)],
    "SDQ_SCORE": ["", "0", "12", "40", "41", "-1", "7.5", "8.0"],
    "SDQ_REASON": ["", "SDQ1", "SDQ2", "SDQ3", "SDQ4", "SDQ5"],
    **dict.fromkeys(
        words(
            "CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK HEALTH_ASSESSMENT SUBSTANCE_MISUSE INTERVENTION_RECEIVED "
            "INTERVENTION_OFFERED FOSTER_CARE"
        ),
        _YES_NO,
    ),
    "IN_TOUCH": ["", "YES", "NO", "DIED", "REFU", "NREQ", "RHOM"],
    "ACTIV": ["", "F1", "P1", "F2", "G4", "G5", "G6", "0"],
    "ACCOM": ["", "B1", "B2", "C2", "R1", "Z1", "Z2", "T1", "0"],
    "NB_ADOPTR": ["1", "2"],
    "SEX_ADOPTR": ["M1", "F1", "MM", "FF", "MF"],
    "LS_ADOPTR": ["L0", "L11", "L12", "L2", "L3", "L4"],
    "REASON_PLACED_CEASED": ["", "RD1", "RD2", "RD3", "RD4"],
    "PREV_PERM": ["P1", "P2", "P3", "P4", "Z1", "Z1"],
    "LA_PERM": ["", "886", "887", "330", "WAL", "SCO", "999", "838"],
    "MISSING": ["M", "A"],
    "SW_ID": ["SW1", "SW12345", "XX1", "AB1"],
    "SW_REASON": words("MANAGE FCONTA FCONTA LEFTRL ORGRST TSPROC ABSENC CHCHAN PCCHAN SWDIED OTHERS"),
    "HOME_POST": [],
    "PL_POST": [],
}  # fmt: skip
"""Column → codes to choose from: those in use, some more often, and a few that are none."""

POSTCODES = [
    "ME14 1XX", "ME14 1XQ", "CT1 1YW", "TN1 1RS", "DA1 1DE", "SW1A 1AA", "M1 1AE", "LS1 1UR", "EH1 1YZ", "CF10 1EP",
    "BT1 5GS", "B1 1BB", "me14 1xx", "ME141XX", "ME14  1XX", "ZZ1 1ZZ", "TN24 8DG", "CT20 1RX", "ME4 4UF", "BR1 3UH",
]  # fmt: skip
"""Some of Kent and about, some far, some of other nations, some written oddly, one that is none."""
CODES["HOME_POST"] = CODES["PL_POST"] = POSTCODES

AWKWARD = ["9", "x", "M ", "zz", "C2 ", "s", "=1", "99", "1.0", "é"]
"""What is no code of any column, some only by a blank or a small letter."""

CROOKED_DAYS = [
    "31/02/2025", "2025-04-01", "1/4/2025", "01/04/25", "ZZ/05/2014", "ZZ/ZZ/2014", "ZZ/ZZ/ZZZZ", "01/04/2025 ",
    "01/04/2025 00:00", "32/01/2025", "01-04-2025", "01/04/1700"
]  # fmt: skip
"""What is no day, or hardly one, as people and programs write it."""

TURNING = ["1991-10-14", "2005-12-01", "2015-04-01", "2016-04-01", "2023-04-01"]
"""Days from which something of the collection holds, whatever the year."""
